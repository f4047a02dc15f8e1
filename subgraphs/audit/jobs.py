"""What this subgraph does in the background."""

from shared.jobs.jobs import Job, Jobs, NoPayload
from shared.runtime import Runtime
from subgraphs.audit.service.anchors import keep_anchor
from subgraphs.audit.settings import AuditSettings

ANCHOR = Job[NoPayload]("audit-anchor", cron="53 * * * *")


async def anchor_log(runtime: Runtime, _payload: NoPayload) -> None:
    """Note the log's present end where the operator has said, if anywhere."""
    file = AuditSettings.load().audit_anchors
    if file is not None:
        await keep_anchor(runtime.database, file)


JOBS: Jobs = dict([ANCHOR.does(anchor_log)])
