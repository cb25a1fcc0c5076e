"""The contract that is published is the one that is kept, and it is whole."""

import json

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from tests.given import Json
from tests.servers import ROOT

MALL = "/v1/malls/{mall}"
PROMISED = f"""
    GET /health/live check_live
    GET /health/ready check_ready
    GET /metrics read_metrics
    GET /problems/{{code}} explain_problem
    POST /v1/oauth/token issue_token
    POST /v1/oauth/revoke revoke_token
    GET /.well-known/jwks.json show_signing_keys
    GET /.well-known/oauth-authorization-server describe_sign_in
    GET /v1/me get_me
    GET /v1/malls list_malls
    POST /v1/malls create_mall
    GET {MALL} get_mall
    PATCH {MALL} change_mall
    GET {MALL}/locations list_locations
    GET {MALL}/calendar get_calendar
    GET {MALL}/calendar/exceptions list_calendar_exceptions
    GET {MALL}/calendar/holidays list_holidays
    POST {MALL}/calendar/holidays create_holiday
    GET {MALL}/calendar/holiday-proposals list_holiday_proposals
    POST {MALL}/calendar/holiday-proposals/acceptance accept_holidays
    GET {MALL}/calendar/holidays/{{holiday_id}} get_holiday
    PATCH {MALL}/calendar/holidays/{{holiday_id}} change_holiday
    DELETE {MALL}/calendar/holidays/{{holiday_id}} delete_holiday
    GET {MALL}/calendar/periods list_calendar_periods
    POST {MALL}/calendar/periods create_calendar_period
    GET {MALL}/calendar/periods/{{period_id}} get_calendar_period
    PATCH {MALL}/calendar/periods/{{period_id}} change_calendar_period
    DELETE {MALL}/calendar/periods/{{period_id}} delete_calendar_period
    GET {MALL}/agencies list_agencies
    POST {MALL}/agencies create_agency
    GET {MALL}/agencies/{{agency_id}} get_agency
    PATCH {MALL}/agencies/{{agency_id}} change_agency
    GET {MALL}/mou-status list_mou_status
    GET {MALL}/members list_members
    POST {MALL}/invitations invite_agency
    GET {MALL}/invitations list_invitations
    GET {MALL}/invitations/{{invitation_id}} get_invitation
    POST {MALL}/invitations/{{invitation_id}}/answer answer_invitation
    POST {MALL}/agreements draft_agreement
    GET {MALL}/agreements list_agreements
    GET {MALL}/agreements/{{agreement_id}} get_agreement
    POST {MALL}/agreements/{{agreement_id}}/review review_agreement
    POST {MALL}/agreements/{{agreement_id}}/rejection reject_agreement
    POST {MALL}/agreements/{{agreement_id}}/signature sign_agreement
    POST {MALL}/agreements/{{agreement_id}}/suspension suspend_agreement
    POST {MALL}/agreements/{{agreement_id}}/reinstatement reinstate_agreement
    POST {MALL}/agreements/{{agreement_id}}/termination terminate_agreement
    GET {MALL}/number-series list_number_series
    POST {MALL}/number-series create_number_series
    GET {MALL}/availability list_availability
    GET {MALL}/services list_services
    POST {MALL}/services create_service
    GET {MALL}/services/{{service_id}} get_service
    PATCH {MALL}/services/{{service_id}} change_service
    GET {MALL}/counters list_counters
    POST {MALL}/counters create_counter
    GET {MALL}/counters/{{counter_id}} get_counter
    PATCH {MALL}/counters/{{counter_id}} change_counter
    POST {MALL}/counters/{{counter_id}}/opening open_counter
    POST {MALL}/counters/{{counter_id}}/closing close_counter
    POST {MALL}/counters/{{counter_id}}/break pause_counter
    POST {MALL}/counters/{{counter_id}}/resumption resume_counter
    POST {MALL}/counters/{{counter_id}}/calls call_next_ticket
    POST {MALL}/tickets issue_ticket
    GET {MALL}/tickets list_tickets
    GET {MALL}/tickets/{{ticket_id}} get_ticket
    POST {MALL}/tickets/{{ticket_id}}/recall recall_ticket
    POST {MALL}/tickets/{{ticket_id}}/start start_ticket
    POST {MALL}/tickets/{{ticket_id}}/hold hold_ticket
    POST {MALL}/tickets/{{ticket_id}}/completion complete_ticket
    POST {MALL}/tickets/{{ticket_id}}/no-show mark_no_show
    POST {MALL}/tickets/{{ticket_id}}/return return_ticket
    POST {MALL}/tickets/{{ticket_id}}/cancellation cancel_ticket
    GET {MALL}/claims/{{claim_code}} get_own_ticket
    POST {MALL}/claims/{{claim_code}}/cancellation cancel_own_ticket
    GET {MALL}/board get_board
    POST /v1/me/password change_my_password
    GET /v1/accounts list_accounts
    POST /v1/accounts create_account
    GET /v1/accounts/{{account_id}} get_account
    GET {MALL}/staff list_staff
    POST {MALL}/staff create_staff
    GET {MALL}/staff/{{account_id}} get_staff
    PATCH {MALL}/staff/{{account_id}} change_staff
    POST {MALL}/staff/{{account_id}}/grants grant_role
    POST {MALL}/staff/{{account_id}}/grants/{{grant_id}}/revocation revoke_role
    POST {MALL}/staff/{{account_id}}/disabling disable_staff
    POST {MALL}/staff/{{account_id}}/enabling enable_staff
    POST {MALL}/staff/{{account_id}}/password-reset reset_staff_password
    GET {MALL}/devices list_devices
    POST {MALL}/devices register_device
    GET {MALL}/devices/{{device_id}} get_device
    PATCH {MALL}/devices/{{device_id}} change_device
    POST {MALL}/devices/{{device_id}}/revocation revoke_device
    GET {MALL}/clients list_clients
    POST {MALL}/clients register_client
    GET {MALL}/clients/{{client_id}} get_client
    PATCH {MALL}/clients/{{client_id}} change_client
    POST {MALL}/clients/{{client_id}}/secret-rotation rotate_client_secret
    POST {MALL}/clients/{{client_id}}/revocation revoke_client
    POST {MALL}/services/{{service_id}}/retirement retire_service
    POST {MALL}/counters/{{counter_id}}/retirement retire_counter
    POST {MALL}/agencies/{{agency_id}}/retirement retire_agency
    POST /v1/accounts/{{account_id}}/disabling disable_account
    POST /v1/accounts/{{account_id}}/enabling enable_account
    POST /v1/accounts/{{account_id}}/password-reset reset_account_password
    PUT {MALL}/calendar set_calendar
    POST {MALL}/calendar/exceptions create_calendar_exception
    GET {MALL}/calendar/exceptions/{{exception_id}} get_calendar_exception
    DELETE {MALL}/calendar/exceptions/{{exception_id}} delete_calendar_exception
    POST {MALL}/locations create_location
    GET {MALL}/locations/{{location_id}} get_location
    PATCH {MALL}/locations/{{location_id}} change_location
    GET {MALL}/number-series/{{series_id}} get_number_series
    PATCH {MALL}/number-series/{{series_id}} change_number_series
"""
"""Paths and operation ids that never change within v1."""


@pytest.fixture(scope="module")
def document(app: FastAPI) -> Json:
    return app.openapi()


def operations(document: Json) -> list[tuple[str, Json]]:
    return [(f"{method.upper()} {path}", each) for path, of in document["paths"].items() for method, each in of.items()]


def test_the_committed_contract_is_what_the_code_says(document: Json) -> None:
    committed = json.loads((ROOT / "openapi" / "openapi.json").read_text())
    assert committed == json.loads(json.dumps(document)), "run `make openapi`"


def test_the_contract_is_valid_openapi(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_what_is_promised_is_there_and_what_is_there_is_promised(document: Json) -> None:
    there = {name: each["operationId"] for name, each in operations(document)}
    promised = {f"{method} {path}": id_ for method, path, id_ in map(str.split, PROMISED.strip().splitlines())}
    assert there == promised
    ids = list(there.values())
    assert len(ids) == len(set(ids))


def test_every_operation_says_what_it_is_who_may_and_what_it_refuses(document: Json) -> None:
    for name, each in operations(document):
        assert each["summary"], name
        assert each["description"], name
        assert len(each["tags"]) == 1, name
        assert "security" in each, name
        refusals = [status for status in each["responses"] if status[0] in "45"]
        assert refusals, name
        for status in refusals:
            answer = each["responses"][status]
            if "$ref" in answer:
                answer = document["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
            media = set(answer["content"])
            assert media <= {"application/problem+json", "application/json"}, name
            assert "/oauth/" in name or "/health/" in name or media == {"application/problem+json"}, name


def test_every_body_has_an_example(document: Json) -> None:
    for name, each in operations(document):
        for body in (each.get("requestBody", {}), *each["responses"].values()):
            for content in body.get("content", {}).values():
                assert "example" in content or "examples" in content, name
