"""The file contains an access token.

Cloud providers, code hosts and others give their tokens a distinctive shape, so
scanners can find leaked ones. Attackers look for the same shapes: they try a token from
a public repository within minutes. The rule finds such a token anywhere in the file:
under a neutral name, in an anchor that no service uses, in a command, in a comment.

## How to fix

Revoke the token at its provider, and create a new one with as few rights as possible.
Pass it with `secrets:`, with `RUN --mount=type=secret` in a build, or as an
environment variable at start. Removing it from the file is not enough: it stays in
the history.
"""

from tightship.rules import Bad, Finding, Findings, Good, TextFragment, known_tokens, rule


@rule(
    on=TextFragment,
    severity="warning",
    cwe=(798,),
    references=("GitHub documentation, supported secret scanning patterns",),
    absorbs_here=(
        "literal-secret-in-environment",
        "secret-in-build-argument",
        "secret-in-image-environment",
    ),
    aliases=("tally:secrets-in-code",),
    examples=(
        Bad("""
            services:
              backup:
                image: example/backup:2.4
                environment:
                  BACKUP_USER: «AKIAQX7RTZ2MVNW3PLB5»
        """).because("It has the shape of an AWS access key."),
        Bad("""
            ==> Dockerfile <==
            FROM alpine:3.22
            RUN wget -O- "https://«ghp_k3JQ7vXw2ZpR9sTbN4mLc8YdF5hGa1UeB6oV»@example.com/x"
        """).because("In a Dockerfile it also stays in the history of the image."),
        Good("""
            services:
              backup:
                image: example/backup:2.4
                environment:
                  BACKUP_USER: AKIAIOSFODNN7EXAMPLE
        """).because("This is the example in Amazon's own documentation."),
    ),
)
def secret_literal(passage: TextFragment) -> Findings:
    """Point at each token, and never repeat it."""
    for token in known_tokens(passage.text):
        place = passage.part(token.start, token.end)
        yield Finding(
            place,
            f"the file contains {_article(token.kind)} {token.kind} as plain text",
            secrets=(place,),
        )


def _article(noun: str) -> str:
    return "an" if noun[0] in "AEIOU" else "a"
