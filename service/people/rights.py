"""Which right each operation of the API needs. An operation that is not here is refused to everybody."""

from collections.abc import Mapping
from typing import Any

from avctl.scenes.scene import Priority
from avctl.site import Site
from service.people.roles import Right

# By the operation's name. One that is of no room (see `place`) is of the whole site.
OPERATIONS: Mapping[str, Right] = {
    # Health, the panel's files, and how to become known.
    "is_alive": Right.PUBLIC,
    "is_ready": Right.PUBLIC,
    "is_healthy": Right.PUBLIC,
    "to_panel": Right.PUBLIC,
    "get_session": Right.PUBLIC,
    "log_in": Right.PUBLIC,
    "set_up": Right.PUBLIC,
    "list_pin_holders": Right.PUBLIC,  # both look themselves that a bound panel asks
    "enter_pin": Right.PUBLIC,
    "log_out": Right.OWN,
    "log_out_everywhere": Right.OWN,
    "set_own_pin": Right.OWN,
    "change_password": Right.OWN,
    "begin_factor": Right.OWN,
    "confirm_factor": Right.OWN,
    "drop_factor": Right.OWN,
    # People.
    "list_people": Right.ADMINISTER,
    "list_roles": Right.ADMINISTER,
    "add_person": Right.ADMINISTER,
    "change_person": Right.ADMINISTER,
    "set_password": Right.ADMINISTER,
    "log_person_out": Right.ADMINISTER,
    "drop_persons_factor": Right.ADMINISTER,
    "list_panels": Right.ADMINISTER,
    "bind_panel": Right.ADMINISTER,
    "revoke_panel": Right.ADMINISTER,
    "list_tokens": Right.ADMINISTER,
    "add_token": Right.ADMINISTER,
    "revoke_token": Right.ADMINISTER,
    "list_access": Right.AUDIT,
    "verify_chain": Right.AUDIT,
    "get_description": Right.VIEW,
    "get_metrics": Right.VIEW,
    # Rooms.
    "get_site": Right.VIEW,
    "list_rooms": Right.VIEW,
    "get_room": Right.VIEW,
    "get_latency": Right.VIEW,
    "get_state": Right.VIEW,
    "list_devices": Right.VIEW,
    "get_device": Right.VIEW,
    "get_picture": Right.VIEW,
    "stream_events": Right.VIEW,
    "socket": Right.VIEW,
    "list_journal": Right.VIEW,
    # Scenes. Critical ones and emergencies: see `needed`.
    "list_scenes": Right.VIEW,
    "plan_scene": Right.VIEW,
    "plan_scene_with": Right.VIEW,
    "take_scene": Right.OPERATE,
    "set_point": Right.OPERATE,
    "list_runs": Right.VIEW,
    "get_run": Right.VIEW,
    "drive_camera": Right.OPERATE,
    "stop_camera": Right.OPERATE,
    "store_scene": Right.CONFIGURE,
    "store_camera_preset": Right.CONFIGURE,
    # Pairs.
    "list_pairs": Right.VIEW,
    "change_over": Right.OPERATE,
    "reset_pair": Right.OPERATE,
    "arm_pair": Right.CONFIGURE,
    "start_drill": Right.MAINTAIN,
    "list_drills": Right.VIEW,
    # Meetings and incidents.
    "list_meetings": Right.VIEW,
    "list_planned": Right.VIEW,
    "get_live_meeting": Right.VIEW,
    "begin_meeting": Right.RECORD,
    "get_meeting": Right.VIEW,
    "end_meeting": Right.RECORD,
    "note_meeting": Right.RECORD,
    "set_attendance": Right.RECORD,
    "list_incidents": Right.VIEW,
    "get_register": Right.VIEW,
    "open_incident": Right.RECORD,
    "get_incident": Right.VIEW,
    "respond_to_incident": Right.RECORD,
    "repair_incident": Right.RECORD,
    "close_incident": Right.RECORD,
    "reopen_incident": Right.RECORD,
    "link_incident": Right.RECORD,
    # The ledger.
    "list_ledger": Right.VIEW,
    "get_ledger_item": Right.VIEW,
    "export_ledger": Right.VIEW,
    "add_ledger_item": Right.CONFIGURE,
    "note_ledger_facts": Right.CONFIGURE,
    "note_ledger_event": Right.MAINTAIN,
    "draft_ledger_import": Right.CONFIGURE,
    "get_ledger_import": Right.CONFIGURE,
    "take_ledger_import": Right.CONFIGURE,
    # Alarms.
    "list_alarms": Right.VIEW,
    "get_alarm": Right.VIEW,
    "acknowledge_alarm": Right.RECORD,
    "list_channels": Right.MAINTAIN,
    "try_channel": Right.MAINTAIN,
    # Inspections.
    "list_inspections": Right.VIEW,
    "get_inspection": Right.VIEW,
    "get_inspection_photo": Right.VIEW,
    "start_inspections": Right.MAINTAIN,
    "start_inspection": Right.MAINTAIN,
    "answer_look": Right.RECORD,
    "add_photo": Right.RECORD,
    "close_inspection": Right.RECORD,
    # Reports.
    "list_reports": Right.REPORT,
    "list_report_kinds": Right.REPORT,
    "preview_report": Right.REPORT,
    "get_preview_file": Right.REPORT,
    "make_report": Right.DRAFT,
    "get_report": Right.REPORT,
    "list_report_entries": Right.REPORT,
    "get_report_file": Right.REPORT,
    "check_report": Right.REPORT,
    "write_report_texts": Right.DRAFT,
    "submit_report": Right.DRAFT,
    "return_report": Right.REVIEW,
    "approve_report": Right.REVIEW,
    # Warm-ups and the schedule.
    "list_latest_warm_ups": Right.VIEW,
    "list_warm_ups": Right.VIEW,
    "get_warm_up": Right.VIEW,
    "get_warm_up_samples": Right.VIEW,
    "get_warm_up_picture": Right.VIEW,
    "start_warm_up": Right.MAINTAIN,
    "break_off_warm_up": Right.MAINTAIN,
    "accept_identity": Right.CONFIGURE,
    "get_schedule": Right.VIEW,
    "get_month": Right.VIEW,
    "run_now": Right.MAINTAIN,
    "skip_due": Right.MAINTAIN,
    "answer_run": Right.MAINTAIN,
}

# Operations of the whole site that look themselves at the rooms a caller has the right for.
FILTERED = frozenset(
    {
        "get_description", "get_site", "list_rooms", "stream_events", "socket", "list_journal",
        "list_latest_warm_ups", "open_incident", "list_alarms", "get_alarm", "acknowledge_alarm",
    }
)  # fmt: skip

# Whose query may name a room, and then tells of that room only.
ASKED_BY_ROOM = frozenset(
    {
        "list_journal",
        "list_meetings",
        "list_incidents",
        "list_ledger",
        "list_alarms",
        "list_inspections",
    }
)

# They change nothing, though they are posted.
READING = frozenset({"plan_scene_with"})


def needed(operation: str, params: Mapping[str, Any], site: Site) -> Right | None:
    """The right for an operation with the names in its address; None for one that nobody declared."""
    if operation == "take_scene":
        room = site.rooms.get(params["room"])
        scene = room.scenes.get(params["scene"]) if room else None
        if scene and scene.priority is Priority.EMERGENCY:
            return Right.EMERGENCY
        if scene and scene.confirm:
            return Right.CRITICAL
    return OPERATIONS.get(operation)
