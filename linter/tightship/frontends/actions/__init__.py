"""Containers of GitHub Actions and of Gitea: of jobs, of services, of steps and of actions."""
