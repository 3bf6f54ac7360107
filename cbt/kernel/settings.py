"""Settings: what the environment says, read once at the start and passed on as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final, Self

from cbt.kernel.errors import InvalidInput
from cbt.kernel.titles import Title

GREATEST_PORT: Final = 65535
POOL_SIZE: Final = 10
GREATEST_POOL: Final = 100
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
ISSUER: Final = Title(ko="표본자격시행원", en="Sample Examinations Board")
SIGNATORY: Final = Title(ko="표본자격시행원장", en="President, Sample Examinations Board")


class BadSetting(InvalidInput):
    """A setting has a value that cannot be used."""

    code = "bad-setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where data lies and where the parts are found; every field is described in docs/settings.md."""

    home: Path
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str
    redis_url: str | None = None
    public_url: str
    font_dir: Path | None = None
    issuer: Title = ISSUER
    signatory: Title = SIGNATORY
    log_level: str = "INFO"
    trusted_proxy: IPv4Address | IPv6Address | None = None
    metrics_token: str | None = None
    pool_size: int = POOL_SIZE

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Return the settings of `env`; raises BadSetting naming the variable."""
        home = Path(env.get("CBT_HOME") or "var").absolute()
        host = env.get("CBT_HOST") or "127.0.0.1"
        port = _port(env.get("CBT_PORT") or "8000")
        font_dir = env.get("CBT_FONT_DIR")
        return cls(
            home=home,
            host=host,
            port=port,
            database_url=env.get("CBT_DATABASE_URL") or f"sqlite:///{home / 'cbt.sqlite3'}",
            redis_url=env.get("CBT_REDIS_URL") or None,
            public_url=(env.get("CBT_PUBLIC_URL") or f"http://{host}:{port}").rstrip("/"),
            font_dir=Path(font_dir) if font_dir else None,
            issuer=_title(env, "CBT_ISSUER", ISSUER),
            signatory=_title(env, "CBT_SIGNATORY", SIGNATORY),
            log_level=_log_level(env.get("CBT_LOG_LEVEL") or "INFO"),
            trusted_proxy=_address(env.get("CBT_TRUSTED_PROXY") or ""),
            metrics_token=env.get("CBT_METRICS_TOKEN") or None,
            pool_size=_pool_size(env.get("CBT_POOL_SIZE") or f"{POOL_SIZE}"),
        )

    @property
    def secure(self) -> bool:
        """Whether browsers reach the system by https, so that cookies are Secure and carry the __Host- prefix."""
        return self.public_url.startswith("https://")


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= GREATEST_PORT:
        return int(text)
    raise BadSetting(f"CBT_PORT is a number from 1 to 65535, not {text!r}", variable="CBT_PORT")


def _pool_size(text: str) -> int:
    if text.isdecimal() and 0 < int(text) <= GREATEST_POOL:
        return int(text)
    raise BadSetting(f"CBT_POOL_SIZE is a number from 1 to {GREATEST_POOL}, not {text!r}", variable="CBT_POOL_SIZE")


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text) if text else None
    except ValueError as error:
        raise BadSetting(
            f"CBT_TRUSTED_PROXY is one address such as 10.0.0.1, not {text!r}", variable="CBT_TRUSTED_PROXY"
        ) from error


def _log_level(text: str) -> str:
    if text.upper() in LOG_LEVELS:
        return text.upper()
    raise BadSetting(f"CBT_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}, not {text!r}", variable="CBT_LOG_LEVEL")


def _title(env: Mapping[str, str], name: str, default: Title) -> Title:
    return Title(ko=env.get(f"{name}_KO") or default.ko, en=env.get(f"{name}_EN") or default.en)
