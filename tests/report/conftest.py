import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the golden files of the reports"
    )


@pytest.fixture
def update_golden(request):
    """False too where pytest was started elsewhere and never heard of the option."""
    return request.config.getoption("--update-golden", default=False)
