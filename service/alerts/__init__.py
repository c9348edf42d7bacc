"""Alarms: what is one, how it is told, and the incident that a grave one opens."""

from service.alerts.alarms import Alarm, Alarms
from service.alerts.outbox import Outbox
from service.alerts.rule import IncidentRule
from service.alerts.watch import AlarmWatch

__all__ = ["Alarm", "AlarmWatch", "Alarms", "IncidentRule", "Outbox"]
