"""A real issuer elsewhere: Authlib's authorization server on loopback, a process of its own.

`python tests/issuer.py PORT KEYFILE`: people get tokens with a password grant; the JWKS shows the key of the file.
"""

import json
import sys
from pathlib import Path
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from flask import Flask, Response, jsonify
from joserfc.jwk import KeySet, RSAKey


class App(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """The one client: its id is the audience of its tokens."""

    def __init__(self, client_id: str) -> None:
        self.client_id = client_id

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_client_secret(self, client_secret: str) -> bool:
        return True

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return True

    def check_grant_type(self, grant_type: str) -> bool:
        return True


class Somebody:
    """A person whom the issuer knows: whoever asks."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_user_id(self) -> str:
        return self.name


class Password(grants.ResourceOwnerPasswordCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """The shortest way to a token of a person."""

    def authenticate_user(self, username: str, password: str) -> Somebody:
        return Somebody(username)


def key_of(path: str) -> RSAKey:
    """The issuer's key, kept over restarts."""
    file = Path(path)
    if not file.exists():
        made = RSAKey.generate_key(2048, private=True, auto_kid=True)
        file.write_text(json.dumps({**made.as_dict(private=True), "use": "sig", "alg": "RS256"}))
    return RSAKey.import_key(json.loads(file.read_text()))


def made(port: int, key: RSAKey) -> Flask:
    """The issuer's pages."""
    issuer, app = f"http://127.0.0.1:{port}", Flask("issuer")

    class Tokens(JWTBearerTokenGenerator):  # type: ignore[misc]  # Authlib has no types
        def get_extra_claims(self, client: App, grant_type: str, user: Somebody, scope: str) -> dict[str, str]:
            return {"employee": user.name.partition("@")[0]}

        def get_jwks(self) -> KeySet:
            return KeySet([key])

    server = AuthorizationServer(app, query_client=App, save_token=lambda *_: None)
    server.register_grant(Password)
    server.register_token_generator("default", Tokens(issuer=issuer))

    @app.get("/.well-known/openid-configuration")
    def discovery() -> Response:
        return jsonify(issuer=issuer, jwks_uri=f"{issuer}/jwks", token_endpoint=f"{issuer}/token")

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify(KeySet([key]).as_dict(private=False))

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    return app


if __name__ == "__main__":
    made(int(sys.argv[1]), key_of(sys.argv[2])).run("127.0.0.1", int(sys.argv[1]))
