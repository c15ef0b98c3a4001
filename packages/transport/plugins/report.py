"""Tells deploy which tasks changed something or failed, one JSON line each, and how it ended for each host."""

DOCUMENTATION = """
name: report
type: notification
short_description: tells deploy what became of each task
description: [writes lines of JSON to the file that deploy reads]
"""

import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "report"
    CALLBACK_NEEDS_ENABLED = True

    def _tell(self, **said):
        with open(os.environ["DEPLOY_REPORT"], "a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")

    def _task(self, result, state, text):
        name = result._task.get_name().strip()
        self._tell(host=result._host.get_name(), task=name, state=state, text=text)

    def _why(self, result):
        said = result._result
        if "censored" in said:
            return "hidden by no_log"
        parts = [said.get("msg"), said.get("stderr") or said.get("module_stderr")]
        return "\n".join(str(part) for part in parts if part)

    def _differs(self, result):
        said = result._result
        if "censored" in said:
            return ""
        found = [one.get("diff") for one in said.get("results", [said]) if isinstance(one, dict)]
        return "".join(str(self._get_diff(diff)) for diff in found if diff)

    def v2_runner_on_ok(self, result):
        if result._result.get("changed", False):
            self._task(result, "changed", self._differs(result))

    def v2_runner_on_failed(self, result, ignore_errors=False):
        if not ignore_errors:
            self._task(result, "failed", self._why(result))

    def v2_runner_on_unreachable(self, result):
        self._task(result, "unreachable", self._why(result))

    def v2_playbook_on_stats(self, stats):
        for host in stats.processed:
            self._tell(host=host, summary=stats.summarize(host))
