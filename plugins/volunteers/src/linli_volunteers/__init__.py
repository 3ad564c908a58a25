"""Volunteer sessions (志愿服务活动) and micro-wishes (微心愿): signed up, checked in, held; claimed, fulfilled, thanked."""
