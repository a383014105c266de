"""What a site sets for itself: names of roles, published contacts, tokens, and the proof of its book."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Path, Query, Router
from pydantic import Field

from yingsheng.api.fields import BIGGEST_ID, MomentIn, MomentOut, Shape, text_of
from yingsheng.api.problems import not_found, unknown
from yingsheng.api.rules import Words
from yingsheng.api.schemas import UNKNOWN_STAFF, Body
from yingsheng.api.sessions import ApiRequest
from yingsheng.api.writing import Reply, accept, body_doc, read_body
from yingsheng.base.words import gettext_noop as N
from yingsheng.kernel.events.queries import verify_part
from yingsheng.kernel.org.contacts import CONTACTS, missing_contacts, publish_contacts
from yingsheng.kernel.org.models import ApiClient, Role, RoleAlias, Site
from yingsheng.kernel.org.permissions import Allow
from yingsheng.kernel.org.queries import list_staff, list_tokens
from yingsheng.kernel.org.services import issue_token, rename_role, revoke_token

RowId = Annotated[int, Path(ge=1, le=BIGGEST_ID)]
Scope = Annotated[str, Field(min_length=1, max_length=60)]
NO_SCOPES = N("至少要允许一项操作")


class RoleOut(Shape):
    """A role: the regulations' name, the site's own ("" if it has none), what it may do."""

    code: str
    name: Words
    alias: Words
    permissions: list[str]


class RoleList(Shape):
    """Every role, the highest first."""

    items: list[RoleOut]


class RenameIn(Body):
    """What the site calls a role; empty returns to the regulations' name."""

    zh: text_of(limit=60) = ""  # type: ignore[valid-type]
    en: text_of(limit=60) = ""  # type: ignore[valid-type]


class ContactsOut(Shape):
    """The published contacts, and those that C-02 still asks for."""

    duty_phone: str
    service_hotline: str
    company_hotline: str
    company_fax: str
    complaint_email: str
    address: str
    missing: list[str]


class ContactsIn(Body):
    """Contacts to publish; what is left out stays."""

    duty_phone: text_of(limit=40) | None = None  # type: ignore[valid-type]
    service_hotline: text_of(limit=40) | None = None  # type: ignore[valid-type]
    company_hotline: text_of(limit=40) | None = None  # type: ignore[valid-type]
    company_fax: text_of(limit=40) | None = None  # type: ignore[valid-type]
    complaint_email: text_of(limit=120) | None = None  # type: ignore[valid-type]
    address: text_of(limit=200) | None = None  # type: ignore[valid-type]


class TokenOut(Shape):
    """A token as it is kept: never the token itself."""

    id: int
    name: str
    acts_as: str
    scopes: list[str]
    active: bool
    expires_at: MomentOut | None
    last_used_at: MomentOut | None


class TokenList(Shape):
    """The tokens of the site, those in use first."""

    items: list[TokenOut]


class NewTokenOut(TokenOut):
    """A token just issued; `token` is told this once."""

    token: str


class TokenIn(Body):
    """A token: what for, in whose name, to do what, until when."""

    name: text_of(limit=60, required=True)  # type: ignore[valid-type]
    acts_as: text_of(limit=40, required=True)  # type: ignore[valid-type]
    scopes: list[Scope]
    expires_at: MomentIn


class NothingIn(Body):
    """An empty object."""


class FlawOut(Shape):
    """A line of the book that does not hold: missing, altered, reordered or truncated."""

    seq: int
    problem: str


class VerificationOut(Shape):
    """What reading a part of the book found; `next` is where to go on, null at the end."""

    checked: int
    flaws: list[FlawOut]
    next: int | None
    last_seq: int
    head: str


class VerifyFrom(Shape):
    """Which part."""

    start: int = Field(1, ge=1, le=BIGGEST_ID, alias="from", description="the first line to read")


def list_roles(request: ApiRequest) -> RoleList:
    """Every role with its names and permissions."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    aliases = {one.role_id: one for one in RoleAlias.objects.filter(site=session.actor.site)}
    roles = Role.objects.order_by("rank", "pk")
    return RoleList(items=[_role(role, aliases.get(role.pk)) for role in roles])


def name_role(request: ApiRequest, code: str) -> HttpResponse:
    """Use the site's own name for a role."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise not_found()
    sent = read_body(request=request, model=RenameIn)

    def run() -> Reply:
        rename_role(
            site=session.actor.site,
            role=role,
            name=sent.zh,
            name_en=sent.en,
            by=session.actor.staff,
            at=session.now,
        )
        alias = RoleAlias.objects.filter(site=session.actor.site, role=role).first()
        return Reply(body=_role(role, alias))

    return accept(request=request, run=run)


def show_contacts(request: ApiRequest) -> ContactsOut:
    """What is published; any token may read it."""
    return _contacts(request.auth.actor.site)


def change_contacts(request: ApiRequest) -> HttpResponse:
    """Publish other contacts."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    sent = read_body(request=request, model=ContactsIn)
    given = {name: value for name, value in sent.model_dump().items() if value is not None}

    def run() -> Reply:
        row = publish_contacts(
            site=session.actor.site, contacts=given, by=session.actor.staff, at=session.now
        )
        return Reply(body=_contacts(row))

    return accept(request=request, run=run)


def show_tokens(request: ApiRequest) -> TokenList:
    """The tokens of the site."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    return TokenList(items=[_token(one) for one in list_tokens(site_id=session.actor.site.pk)])


def add_token(request: ApiRequest) -> HttpResponse:
    """Issue a token. A repeated request issues another: the answer holds the token and is kept nowhere."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    sent = read_body(request=request, model=TokenIn)
    if not sent.scopes:
        raise unknown(field="scopes", text=NO_SCOPES)
    people = list_staff(site_id=session.actor.site.pk, at=session.now)
    person = people.filter(username=sent.acts_as).first()
    if person is None:
        raise unknown(field="acts_as", text=UNKNOWN_STAFF)

    def run() -> Reply:
        client, token = issue_token(
            site=session.actor.site,
            name=sent.name,
            acts_as=person,
            scopes=sent.scopes,
            by=session.actor,
            at=session.now,
            expires_at=sent.expires_at,
        )
        return Reply(status=201, body=NewTokenOut(**dict(_token(client)), token=token))

    return accept(request=request, run=run, keep=False)


def end_token(request: ApiRequest, id: RowId) -> HttpResponse:
    """Make a token useless from now on."""
    session = request.auth
    session.demand(Allow.MANAGE_ORG)
    client = ApiClient.objects.filter(pk=id, site=session.actor.site).select_related("acts_as").first()
    if client is None:
        raise not_found()
    read_body(request=request, model=NothingIn)

    def run() -> Reply:
        revoke_token(client=client, by=session.actor.staff, at=session.now)
        return Reply(body=_token(client))

    return accept(request=request, run=run)


def verify(request: ApiRequest, filters: Query[VerifyFrom]) -> VerificationOut:
    """Read a part of the site's book and say what does not hold; go on with `from=next` until that is null."""
    session = request.auth
    session.demand(Allow.AUDIT)
    found = verify_part(site_id=session.actor.site.pk, from_seq=filters.start)
    return VerificationOut(
        checked=found.count,
        flaws=[FlawOut(seq=flaw.seq, problem=flaw.problem) for flaw in found.flaws],
        next=found.next_seq,
        last_seq=found.last_seq,
        head=found.head,
    )


def site_router() -> Router:
    """The operations on a site's own settings."""
    router = Router(tags=["site"])
    router.get("/roles", response=RoleList, operation_id="list_roles")(list_roles)
    router.post(
        "/roles/{code}", response=RoleOut, operation_id="rename_role", openapi_extra=body_doc(RenameIn)
    )(name_role)
    router.get("/site/contacts", response=ContactsOut, operation_id="show_contacts")(show_contacts)
    router.post(
        "/site/contacts",
        response=ContactsOut,
        operation_id="publish_contacts",
        openapi_extra=body_doc(ContactsIn),
    )(change_contacts)
    router.get("/tokens", response=TokenList, operation_id="list_tokens")(show_tokens)
    router.post(
        "/tokens",
        response={201: NewTokenOut},
        operation_id="issue_token",
        openapi_extra=body_doc(TokenIn),
    )(add_token)
    router.post(
        "/tokens/{id}/revoke",
        response=TokenOut,
        operation_id="revoke_token",
        openapi_extra=body_doc(NothingIn),
    )(end_token)
    router.get("/records/verification", response=VerificationOut, operation_id="verify_records")(verify)
    return router


def _role(role: Role, alias: RoleAlias | None) -> RoleOut:
    return RoleOut(
        code=role.code,
        name=Words(zh=role.name_zh, en=role.name_en),
        alias=Words(zh=alias.name if alias else "", en=alias.name_en if alias else ""),
        permissions=list(role.permissions),
    )


def _contacts(site: Site) -> ContactsOut:
    return ContactsOut(
        **{name: getattr(site, name) for name in CONTACTS}, missing=list(missing_contacts(site=site))
    )


def _token(client: ApiClient) -> TokenOut:
    return TokenOut(
        id=client.pk,
        name=client.name,
        acts_as=client.acts_as.username,
        scopes=list(client.scopes),
        active=client.active,
        expires_at=client.expires_at,
        last_used_at=client.last_used_at,
    )
