from fastapi import FastAPI
from tests.given import Asker, Given, code_of
import re, httpx
from sqlalchemy import update
from app import models
from app.domain.roles import DeviceKind

async def test_keys(given: Given) -> None:
    mall = await given.mall()
    for key in ("mpk_99999_x", "mpk_0_x", "mpk__x", "mpd_-1_x", "mpk_٣_x", "mpk_1_" + "x"*5000, "a.b.c", "." , "mpk_32768_"+"x"*43, "eyJhbGciOiJFZDI1NTE5In0.W10.c2ln"):
        try:
            a = await Asker(given.public.http, "", key).get("//v1/me")
        except UnicodeEncodeError:
            continue
        assert code_of(a) == (401, "unauthenticated"), (key, a.text)

async def test_revoked(given: Given) -> None:
    mall = await given.mall()
    fresh = await mall.device(DeviceKind.KIOSK)
    async with mall.database.bookkeeping() as b:
        await b.session.execute(update(models.Device).where(models.Device.mall_id==mall.ref.id).values(revoked_at=b.at))
    assert code_of(await fresh.get("/board")) == (401, "unauthenticated")
    wrong = Asker(fresh.http, fresh.path, fresh.credential[:-1] + ("A" if fresh.credential[-1]!="A" else "B"))
    assert code_of(await wrong.get("/board")) == (401, "unauthenticated")

async def test_codes(app: FastAPI, http: httpx.AsyncClient) -> None:
    import json
    doc = app.openapi()
    text = json.dumps(doc)
    codes = {c for found in re.findall(r'"x-codes": \[([^\]]*)\]', text) for c in re.findall(r'"([a-z_]+)"', found)}
    assert len(codes) > 30
    for c in codes:
        a = await http.get(f"/problems/{c}")
        assert a.status_code == 200, c

async def test_sign_in_fuzz(given: Given) -> None:
    p = given.from_address("10.200.1.9")
    for data in ({"grant_type":"password","username":"a\x00b","password":"x"},{"grant_type":"password","username":"é"*101,"password":"x"},{"grant_type":"refresh_token","refresh_token":"\x00"},{"grant_type":"\x00"},{},{"grant_type":"password","username":"\u2028","password":"\x00"}):
        a = await p.ask("POST","//v1/oauth/token",data=data)
        assert a.status_code == 400, (data,a.text)
    for content in (b"grant_type=password&username=%ff&password=%ff", b"%%%", b"\xff=\xff&grant_type=password", b"grant_type=password&grant_type=x", b""):
        a = await p.ask("POST","//v1/oauth/token",content=content,headers={"Content-Type":"application/x-www-form-urlencoded"})
        assert a.status_code in (400,429), a.text
    a = await p.ask("POST","//v1/oauth/revoke",data={"token":"\x00"})
    assert a.status_code == 200
    a = await p.ask("POST","//v1/oauth/revoke",data={})
    assert a.status_code == 400, a.text
    for t in ("multipart/form-data; boundary=x",):
        a = await p.ask("POST","//v1/oauth/token",content=b"x",headers={"Content-Type":t})
        assert a.status_code == 415

async def test_docs(http: httpx.AsyncClient) -> None:
    for n in ("swagger-ui-bundle.js","swagger-ui.css","init.js","favicon-32x32.png"):
        a = await http.get(f"/docs/assets/{n}")
        assert a.status_code == 200
        print(n, a.headers.get("cache-control"), a.headers["content-type"])
        if n != "favicon-32x32.png":
            print(set(re.findall(r'(?:url\(|@import|sourceMappingURL=)[^)\s]{0,60}', a.text)))
            print(set(re.findall(r'https?://[a-z0-9.-]+', a.text)))
    for p in ("/docs/assets/../web/edge.py","/docs/assets/%2e%2e/edge.py","/docs/assets/","/docs/assets/\x00".replace("\x00","%00"), "/docs/"):
        a = await http.get(p)
        print(p, a.status_code, a.headers["content-type"])
