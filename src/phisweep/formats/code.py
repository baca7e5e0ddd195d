"""
Source code, what configures it, and who wrote it: files in which people are named who are no patients.

It is read as plain text is, in blocks of the kind "code". In such a block only those rules hold
that bring their own evidence, and all of them near what those have found (`detect/code.py`).
"""

from __future__ import annotations

import re
from typing import ClassVar

from phisweep.formats.base import FormatDefaults, ReadOptions, register
from phisweep.formats.encoding import looks_like_text
from phisweep.formats.plain import PlainDocument
from phisweep.formats.stream import opened
from phisweep.model import Source
from phisweep.values import dataclass

#: Files of a repository whose name says what they are and whose suffix does not; in lower case.
NAMES = frozenset(
    {
        *("makefile", "gnumakefile", "dockerfile", "containerfile", "jenkinsfile", "vagrantfile"),
        *("rakefile", "gemfile", "procfile", "justfile", "brewfile", "snakefile", "pipfile"),
        *("cmakelists.txt", "meson.build", "build.bazel", "go.mod", "go.sum", ".gitattributes"),
        *(
            ".gitignore",
            ".dockerignore",
            ".editorconfig",
            ".gitmodules",
            ".npmrc",
            ".bashrc",
            ".zshrc",
            ".profile",
            ".flake8",
            ".pylintrc",
        ),
        *("requirements.txt", "package.json", "package-lock.json", "npm-shrinkwrap.json"),
        *("composer.json", "tsconfig.json", "jsconfig.json", "deno.json", "bower.json"),
        *("lerna.json", "angular.json", "nx.json", "renovate.json", ".eslintrc.json"),
        *("pnpm-lock.yaml", ".pre-commit-config.yaml", ".gitlab-ci.yml", ".travis.yml"),
        *("docker-compose.yml", "docker-compose.yaml", "mkdocs.yml", "codecov.yml"),
        *("appveyor.yml", ".readthedocs.yaml", ".readthedocs.yml", "codeowners", "notice"),
        *(".phisweep-baseline.json", ".phisweep-allow.json"),  # digests, and what people write
    }
)
_ABOUT = re.compile(  # what it is, who wrote it, under what terms, what changed in which version
    r"(?:readme|authors|contributors|maintainers|licen[cs]e(?:-[a-z0-9.-]{1,20})?|copying"
    r"|changelog|contributing|code_of_conduct|security|governance)(?:\.(?:md|rst|txt))?"
)
_SETTINGS = re.compile(
    r"\.[a-z][\w-]{1,40}(?:\.ya?ml|rc(?:\.json|\.ya?ml)?)"
)  # of a tool, by custom
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
        *(".gitignore", ".dockerignore", ".diff", ".patch"),
        *(
            ".rst",
            ".adoc",
            ".asciidoc",
            ".mdx",
        ),  # what is told of programs, and of hardly anything else
    )
    unread: tuple[str, ...] = (
        "what is encoded inside the text: base64, escapes, entities, targets of links",
        "names, places, dates and numbers of no telling form, where nothing of a patient stands near",
    )
    structured: bool = False

    def certain(self, head: bytes, source: Source) -> bool:
        """Say whether its name is that of a script or it begins with a line for an interpreter."""
        last = source.name.lower().rpartition("/")[2]
        if is_known(source.name) or "/.github/" in f"/{source.name}":
            return looks_like_text(head)
        return "." not in last[1:] and _PROGRAMS.match(head) is not None

    def open(self, source: Source, options: ReadOptions) -> PlainDocument:
        """Open the text. Raises DocumentError E201, E203, E204."""
        return PlainDocument(opened(source, options), kind="code")


def is_known(name: str) -> bool:
    """Say whether a path ends in a name that files of a repository have by custom."""
    last = name.lower().rpartition("/")[2]
    return last in NAMES or bool(_ABOUT.fullmatch(last) or _SETTINGS.fullmatch(last))


register(Code())
