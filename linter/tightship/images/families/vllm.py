"""vLLM, a server of language models with the interface of OpenAI."""

from __future__ import annotations

from tightship.images.facts import OpenPort, Port, documented
from tightship.images.family import Family

_PAGE = documented("docs.vllm.ai, OpenAI-compatible server, --api-key")

FAMILY = Family(
    names=("vllm/vllm-openai",),
    summary="vLLM, a language model server",
    holds_for="all versions",
    programs=("vllm", "python3"),
    ports=(Port(8000, "HTTP", _PAGE),),
    open_ports=(
        OpenPort(8000, "the model, to run", _PAGE, closed_by=("--api-key", "VLLM_API_KEY")),
    ),
)
