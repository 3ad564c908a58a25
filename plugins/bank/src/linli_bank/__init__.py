"""The pioneer bank (先锋银行): acts earn points by a district's rules, points buy gifts."""
