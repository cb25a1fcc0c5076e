"""All settings, from the environment: read at the two roots (`main`, `__main__`) and handed down as plain values."""

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, IPvAnyNetwork, SecretStr, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_LENGTH = 32


class SettingsError(Exception):
    """A setting is missing or weak; the message says what to set."""


def _data_dir() -> Path:
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "mpp"


class Settings(BaseSettings):
    """Every setting is `MPP_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="MPP_", frozen=True, extra="ignore")

    mode: Literal["development", "production"] = "development"
    database_url: str | None = None
    """`postgresql://…`; without it, development uses the embedded server."""
    owner_database_url: str | None = None
    """Who migrates; by default the same as `database_url`."""
    database_pool_size: Annotated[int, Field(ge=2, le=100)] = 8
    database_pooler: bool = False
    """Whether a transaction pooler (PgBouncer) stands between."""
    data_dir: Path = Field(default_factory=_data_dir)
    """Where development keeps the embedded server and the demo's secrets."""
    secret_key: SecretStr | None = None
    """At least 32 characters: claim codes are made with it, signing keys sealed. Development makes its own."""
    issuer: str = "http://127.0.0.1:8000"
    """The public address of this API, which its tokens name; development serves on it, unless it is told otherwise."""
    audience: str = "mpp"
    password_grant: bool = True
    """Whether built-in accounts sign in with a password; off where an issuer elsewhere does it."""
    oidc_issuer: str | None = None
    """An OpenID Connect issuer whose access tokens (JWT, RFC 9068) count here."""
    oidc_audience: str | None = None
    """What its tokens must be meant for."""
    oidc_account_claim: str = "sub"
    """The claim that holds the account's user name. Only one that people cannot choose or change themselves."""
    cors_origins: Annotated[list[str], NoDecode] = []
    """Who may call from a browser; development lets anybody, production nobody, unless named."""
    trusted_proxies: Annotated[list[IPvAnyNetwork], NoDecode] = []
    """The proxies (addresses, or networks as `10.0.0.0/8`) whose word about a client's address counts."""
    metrics_token: Annotated[SecretStr | None, Field(min_length=SECRET_LENGTH)] = None
    """Who shows it as a bearer token reads metrics and readiness details from elsewhere than the machine itself."""
    public_requests_per_second: Annotated[int, Field(ge=1)] = 50
    """Requests that one address may make without credentials; four times as many at once."""
    web_tickets_at_once: Annotated[int, Field(ge=1)] = 3
    """Tickets that one address may ask for at once without credentials, given or refused, in a mall."""
    web_tickets_per_minute: Annotated[int, Field(ge=1)] = 6
    """How many more a minute."""
    web_tickets_waiting: Annotated[int, Field(ge=1)] = 12
    """Tickets taken without credentials from one address that may wait at once in a mall."""
    known_rate_per_second: Annotated[int, Field(ge=1)] = 50
    """Requests of one account or device; ten times as many at once."""
    streams_per_address: Annotated[int, Field(ge=1)] = 300
    """Streams that one address may have open without credentials, in one process: a mall's visitors share one."""
    streams_per_caller: Annotated[int, Field(ge=1)] = 20
    """Streams that one account, device or client may have open, in one process."""
    streams_per_process: Annotated[int, Field(ge=1)] = 10_000
    """Streams that may be open in one process: each takes a file descriptor and up to 32 KiB."""
    webhooks_to_loopback: bool = True
    """Whether webhooks may go to this machine itself, by http, too; production never lets them."""
    demo: bool = True
    """Whether development loads the demo into a database that has no mall."""
    examples: bool | None = None
    """Whether the screens to copy are served on `/examples/`; unset: only beside the demo."""
    quick_passwords: bool = False
    """Only for tests: the least work for a password hash. Refused in production."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] | None = None
    """Unless it is set, development writes plain lines and production JSON."""
    drain_seconds: Annotated[float, Field(ge=0, le=60)] = 0.5
    """How long a server that was told to end goes on serving while its readiness fails. Behind a balancer: longer
    than it takes to notice."""

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, values: dict[str, object]) -> dict[str, object]:
        """Lists come from the environment with commas between their members."""
        for name in ("cors_origins", "trusted_proxies"):
            if isinstance(value := values.get(name), str):
                values[name] = [part.strip() for part in value.split(",") if part.strip()]
        return values

    @property
    def writes_json(self) -> bool:
        """Whether log lines are JSON."""
        return self.log_format == "json" or (self.log_format is None and self.mode == "production")

    def served_at(self, base: str) -> "Settings":
        """These settings for a program at this address: unless an issuer is set, it is the address itself.

        Otherwise a client that follows the discovery would send its password to whoever listens on another port.
        """
        return self if "issuer" in self.model_fields_set else self.model_copy(update={"issuer": base})

    def checked(self) -> "Settings":
        """These settings, if production can run with them. Raises SettingsError."""
        if self.oidc_issuer:
            self._check_oidc(self.oidc_issuer)
        if self.mode != "production":
            return self
        if not self.database_url:
            raise SettingsError("Set MPP_DATABASE_URL to the PostgreSQL server, postgresql://user:password@host/name.")
        if self.secret_key is None or len(self.secret_key.get_secret_value()) < SECRET_LENGTH:
            raise SettingsError(
                f"Set MPP_SECRET_KEY to at least {SECRET_LENGTH} random characters, for example: openssl rand -hex 32"
            )
        if len(set(self.secret_key.get_secret_value())) < SECRET_LENGTH // 4:
            raise SettingsError("MPP_SECRET_KEY is not random; set random ones, for example: openssl rand -hex 32")
        if "127.0.0.1" in self.issuer or "localhost" in self.issuer:
            raise SettingsError("Set MPP_ISSUER to the public address of this API, https://…, which tokens name.")
        if self.quick_passwords:
            raise SettingsError("Unset MPP_QUICK_PASSWORDS: it weakens every password.")
        if "*" in self.cors_origins:
            raise SettingsError("Name the origins in MPP_CORS_ORIGINS; * is not safe.")
        return self

    def _check_oidc(self, issuer: str) -> None:
        if not self.oidc_audience:
            raise SettingsError("Set MPP_OIDC_AUDIENCE to what the issuer's tokens for this API name as `aud`.")
        if issuer == self.issuer:
            raise SettingsError("MPP_OIDC_ISSUER and MPP_ISSUER are two issuers: give them different names.")
        if self.mode == "production" and not issuer.startswith("https://"):
            raise SettingsError("MPP_OIDC_ISSUER begins with https:// in production.")
