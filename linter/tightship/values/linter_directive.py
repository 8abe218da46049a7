"""Comments that are addressed to a linter, not to a reader."""

from __future__ import annotations

from tightship.lazy import regex

# Another linter's directive holds for the very next line.
FOR_ANOTHER_LINTER = regex(
    r"(?i)[ \t]*#+[ \t]*"
    r"(?:hadolint|shellcheck|nosemgrep|semgrep|trivy|kics|checkov|skipcq|yamllint)\b"
)
FOR_ANY_LINTER = regex(
    r"(?i)[ \t]*#+[ \t]*(?:(?:tightship|hadolint|shellcheck|nosem|nosemgrep|semgrep|trivy"
    r"|tfsec|kics|kics-scan|checkov|bridgecrew|cortex|skipcq|yamllint|tally|dclint)\b"
    r"|check[ \t]*=)"
)
