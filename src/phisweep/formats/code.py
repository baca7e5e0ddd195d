"""
Source code and what configures it: text that is written for machines, by people who are named in it.

It is read as plain text is, in blocks of the kind "code". In such a block only those rules hold
that bring their own evidence, and all of them near what those have found (`detect/code.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.plain import PlainDocument
from phisweep.formats.stream import opened
from phisweep.model import Source

#: Files of source code that have no suffix, or one that says nothing; in lower case.
NAMES = frozenset(
    {
        *("makefile", "gnumakefile", "dockerfile", "containerfile", "jenkinsfile", "vagrantfile"),
        *("rakefile", "gemfile", "procfile", "justfile", "brewfile", "snakefile", "pipfile"),
        *("cmakelists.txt", "meson.build", "build.bazel", "go.mod", "go.sum", ".gitattributes"),
        *(".gitmodules", ".npmrc", ".bashrc", ".zshrc", ".profile", ".flake8", ".pylintrc"),
        *(".gitignore", ".dockerignore", ".editorconfig", "codeowners", "requirements.txt"),
    }
)
_PROGRAMS = re.compile(
    rb"#![ \t]*/[\w./-]{0,60}/(?:env[ \t]+(?:-S[ \t]+)?)?"
    rb"(?:python|perl|ruby|node|deno|bun|php|lua|(?:ba|da|k|z|fi|c|tc)?sh|Rscript|julia|awk|make|tclsh)"
)


@dataclass(slots=True)
class Code(FormatDefaults):
    """Source code, by its suffix, its name, or the program that its first line names."""

    rank: ClassVar[int] = 90

    name: str = "code"
    suffixes: tuple[str, ...] = (
        *(".py", ".pyi", ".pyx", ".pxd", ".r", ".jl", ".m", ".sas", ".do", ".ado", ".sps"),
        *(".stan", ".sh", ".bash", ".zsh", ".fish", ".bat", ".cmd", ".ps1", ".psm1", ".js"),
        *(".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx", ".vue", ".svelte", ".css"),
        *(".scss", ".sass", ".less", ".java", ".scala", ".kt", ".kts", ".groovy", ".gradle"),
        *(".go", ".rs", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".hxx", ".cu", ".cs"),
        *(".fs", ".rb", ".php", ".pl", ".pm", ".lua", ".swift", ".dart", ".ex", ".exs", ".erl"),
        *(".hs", ".clj", ".vb", ".vba", ".bas", ".cls", ".nf", ".wdl", ".smk", ".cwl", ".tf"),
        *(".hcl", ".graphql", ".proto", ".puml", ".cmake", ".mk", ".bzl", ".dockerfile", ".toml"),
        *(".cfg", ".ini", ".conf", ".properties", ".lock", ".po", ".pot", ".editorconfig"),
        *(".gitignore", ".dockerignore"),
    )
    unread: tuple[str, ...] = (
        "what is encoded inside the text: base64, escapes, entities, targets of links",
        "in source code: names, places, dates and numbers without a label or a form that tells"
        " them from code, where nothing of a patient stands near",
    )
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether its name is that of a script or it begins with a line for an interpreter."""
        last = source.name.lower().rpartition("/")[2]
        if last in NAMES:
            return b"\0" not in head
        return "." not in last[1:] and _PROGRAMS.match(head) is not None

    def open(self, source: Source, options: ReadOptions) -> PlainDocument:
        """Open the text. Raises DocumentError E201, E203, E204."""
        document = opened(source, options)
        return PlainDocument(document, document.code.label, document.warnings, kind="code")


register(Code())
