"""Versions are those that importlib.metadata tells."""

from importlib.metadata import distributions, version

from phisweep.installed import version_of


def test_every_package_has_the_version_that_python_tells():
    names = {distribution.name for distribution in distributions()}
    assert {name: version_of(name) for name in names} == {name: version(name) for name in names}


def test_a_package_that_is_not_there_is_unknown():
    assert version_of("no-such-package-at-all") == "unknown"
