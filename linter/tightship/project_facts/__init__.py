"""The facts about a project: one closed list, which policies, reports and the API read."""
