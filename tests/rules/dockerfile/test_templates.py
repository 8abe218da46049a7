"""What a template becomes is not in the file, so nothing is said as if it were."""

from __future__ import annotations

import pytest

from tightship.rules import every_rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tests.conftest import Judge

TEMPLATE = """FROM {{ base }}
{% if debug %}
USER root
{% else %}
USER nobody-knows
{% endif %}
CMD ["x"]
"""


@pytest.mark.parametrize("text", [TEMPLATE, TEMPLATE.replace("{{ base }}", "debian:13")])
def test_users_of_a_template_are_not_judged(judge: Judge, text: str) -> None:
    names = {one.rule.name for one in judge({"Dockerfile": text}, list(every_rule()))}
    about_the_image = {"image-runs-as-root", "unknown-user-name", "no-healthcheck"}
    assert not names & about_the_image
