"""The form of every family, and of the index."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.generate import image_index

from tightship.images import facts
from tightship.images.facts import ASPECTS, ImageFamily
from tightship.images.index import FILES
from tightship.images.lookup import load
from tightship.values import capability

FAMILIES = [pytest.param(load(name), id=name) for name in FILES]


def test_no_image_has_two_families() -> None:
    names = [name for file in image_index.facts_files() for name in image_index.names_of(file)]
    assert [name for name, count in Counter(names).items() if count > 1] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_names_are_repositories_as_people_write_them(family: ImageFamily) -> None:
    for name in family.names:
        assert re.fullmatch(r"[a-z0-9][a-z0-9._/-]*", name)
        assert not name.startswith(("library/", "docker.io/"))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_fact_names_its_source(family: ImageFamily) -> None:
    for fact in family.facts:
        assert fact.source.grade in ("measured", "documented", "derived")
        # A repository at a commit with a path, a page, or what was run.
        assert len(fact.source.where) > 10, fact.source.where
        if fact.source.grade == "derived":
            assert re.fullmatch(r"\S+@[0-9a-f]{7,}, .*\S", fact.source.where)


@pytest.mark.parametrize("family", FAMILIES)
def test_facts_have_the_form_that_patches_need(family: ImageFamily) -> None:
    for fact in family.facts:
        if isinstance(fact, facts.Capability):
            assert fact.name in capability.ALL_CAPABILITIES
            # It opens every file of the host by its handle; DAC_OVERRIDE does as well.
            assert fact.name != "DAC_READ_SEARCH"
        if isinstance(fact, (facts.Write, facts.Volume)):
            assert re.fullmatch(r"/[^\s:,]*[^/\s:,]", fact.path)
        if isinstance(fact, facts.Write):
            known = r"exec|uid=\d+|gid=\d+|mode=[0-7]{3,4}|size=\d+[kmg]"
            assert all(re.fullmatch(known, option) for option in fact.options)
        if isinstance(fact, facts.Port):
            assert 0 < fact.number < 1 << 16
            assert fact.protocol in ("tcp", "udp", "sctp")
        if isinstance(fact, facts.Memory) and fact.floor is not None:
            assert re.fullmatch(r"\d+[mg]", fact.floor)


@pytest.mark.parametrize("family", FAMILIES)
def test_reasons_are_phrases_that_fit_into_a_sentence(family: ImageFamily) -> None:
    for fact in family.facts:
        for name in ("why", "what", "needs", "instead"):
            assert not getattr(fact, name, "").endswith((".", " "))


def test_every_aspect_of_a_family_is_listed() -> None:
    described = {"names", "summary", "holds_for", "about", "programs", "needs_entrypoint"}
    described |= {"service", "measured"}
    assert ImageFamily.__annotations__.keys() == {*ASPECTS, *described}
