"""The four verbs: register, dispatch, award, publish."""
