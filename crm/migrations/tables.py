"""Every table of the product, so that migrations and tests see them all."""

import crm.access.models
import crm.audit.models
import crm.calling.models
import crm.candidates.models
import crm.candidates.talents.models
import crm.companies.models
import crm.companies.words
import crm.followups.models
import crm.matching.models
import crm.meetings.models
import crm.messaging.models
import crm.outreach.models
import crm.pipeline.analyses.models
import crm.pipeline.models
import crm.scheduling.models
import crm.scripts.models
import crm.telephony.models  # noqa: F401  to import them is all that is wanted
from crm.core.models import Record

METADATA = Record.metadata
