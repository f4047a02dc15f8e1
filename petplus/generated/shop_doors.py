"""The rows of docs/limits.md for what subgraphs keep: accounts, the shop, events and reports."""

from petplus.generated.door import REQUEST, Door, days, mebibytes
from shared.database import idempotency, text_search
from shared.events import broker, inbox, outbox
from shared.jobs.runner import LOG_RETENTION_DAYS
from shared.live import entity_changes
from shared.security.fair_queue import RETRY_AFTER_SECONDS, WAITING_SHARE
from subgraphs.analytics import inputs
from subgraphs.analytics.errors import MOST_UNFINISHED_EXPORTS
from subgraphs.analytics.service import event_parsing, event_storage, intake_limits, tracking
from subgraphs.analytics.settings import AnalyticsSettings
from subgraphs.audit.service import verification
from subgraphs.builder.service import designs, presets, previews, rendering, shares
from subgraphs.order.service import discount_codes, guests, payments, reorder
from subgraphs.order.service.carts import checkout, creation, holders, items
from subgraphs.user.service import (
    addresses,
    avatar_decoder,
    avatars,
    devices,
    keys,
    password_check,
    password_queue,
    pets,
    picture_decoding,
    registration,
    retention,
    sessions,
)
from subgraphs.user.service.mails import REGISTRATION_LASTS
from subgraphs.webhook.routes import LARGEST_DELIVERY
from subgraphs.webhook.service import rejections
from subgraphs.webhook.settings import WebhookSettings

ACCOUNTS = (
    Door(
        "password hashes",
        f"{password_queue.HASHES_AT_ONCE} at once of 64 MiB and a quarter of a second each, "
        f"{password_queue.MOST_WAITING} waiting",
        f"process; {password_queue.MOST_WAITING // WAITING_SHARE} of a network",
        f"`RATE_LIMITED` at once, `retryAfter` {RETRY_AFTER_SECONDS}",
        REQUEST,
        "user/test_password_work.py::test_a_problem_of_a_limit_says_when_to_try_again",
    ),
    Door(
        "guesses at passwords",
        f"{password_check.MOST_WRONG_BY_ACCOUNT} wrong and {password_check.MOST_BY_ACCOUNT} in all of an account, "
        f"{password_check.MOST_BY_ADDRESS} of a network, {password_check.MOST_BY_TOKEN} with a mailed token, in "
        f"{password_check.WINDOW_SECONDS} s",
        "account, network and token",
        "`RATE_LIMITED`",
        f"{password_check.WINDOW_SECONDS} s in Redis",
        "user/test_rate_limits.py::test_the_eleventh_wrong_password_is_refused_as_aliases",
    ),
    Door(
        "mails to addresses",
        f"{registration.MOST_MAILS_TO_ADDRESS} an hour, and as many that set a password; "
        f"{registration.MOST_BY_CALLER} an "
        "hour of one network",
        "recipient and network",
        "`RATE_LIMITED`; nothing is queued",
        "an hour in Redis",
        "user/test_registration.py::test_nobody_is_flooded_with_mails",
    ),
    Door(
        "registrations and proofs",
        f"a row for each mail; {registration.MOST_MAILS} mails of one registration, {registration.MOST_CHANGES} "
        "changes of "
        "an address an hour",
        "as mails",
        "`RATE_LIMITED`",
        f"{REGISTRATION_LASTS.total_seconds() / 3600:g} hours; proofs {retention.PROOFS_KEPT_FOR.days} day "
        "longer than they are good",
        "user/test_registration.py::test_the_mail_can_be_had_again_a_few_times",
    ),
    Door(
        "sessions and refresh tokens",
        f"{sessions.MOST_OPEN} open and {sessions.MOST_KEPT} kept rows; a refresh token is a column of its session",
        "user",
        "the oldest ends",
        f"{sessions.SESSION_DAYS} days; ended ones {retention.ENDED_SESSIONS_SHOWN_FOR.days} days",
        "user/test_sessions.py::test_beyond_a_hundred_sessions_the_oldest_ends",
    ),
    Door(
        "revocations",
        "a row and a member of a set in Redis for each ended session",
        "user, by sessions",
        "the oldest session ends",
        f"{keys.ACCESS_TOKEN_SECONDS // 60} minutes and a little",
        "user/test_sessions.py::test_many_sessions_of_before_end_with_one_event_and_are_forgotten",
    ),
    Door(
        "saved addresses",
        f"{addresses.MOST}",
        "user",
        "`ILLEGAL_STATE`",
        "until they or the account are deleted",
        "user/test_addresses.py::test_an_account_has_at_most_twenty_addresses",
    ),
    Door(
        "pets",
        f"{pets.MOST}",
        "user",
        "`ILLEGAL_STATE`",
        "until they or the account are deleted",
        "user/test_pets.py::test_an_account_has_at_most_twenty_pets",
    ),
    Door(
        "uploads of avatars",
        f"{avatars.MOST_UPLOADS} an hour, {avatars.LARGEST // 1024} KiB and {picture_decoding.MOST_PIXELS // 10**6} "
        f"million pixels each; a process of {picture_decoding.CPU_SECONDS} s of CPU and "
        f"{mebibytes(picture_decoding.MEMORY_BYTES)}, one at a time",
        "user",
        "`RATE_LIMITED`; `INVALID_INPUT`",
        "one picture of a user, until it is replaced or the account is deleted",
        "user/test_avatars.py::test_uploads_are_limited_for_each_user",
    ),
    Door(
        "pictures being decoded",
        f"{avatar_decoder.MOST_IN_HAND}",
        "process",
        "`UNAVAILABLE`",
        REQUEST,
        "user/test_avatars.py::test_beyond_a_bound_uploads_are_told_to_come_again",
    ),
    Door(
        "requests for avatars",
        f"{avatars.MOST_REQUESTS:,} in {avatars.REQUESTS_SECONDS} s",
        "network",
        "429 with `Retry-After`",
        f"{avatars.REQUESTS_SECONDS} s in Redis",
        "user/test_avatars.py::test_requests_for_pictures_are_limited_for_each_network",
    ),
    Door(
        "devices",
        f"{devices.MOST}, one of each session; a row for each change of an order that one was sent",
        "user",
        "the oldest is forgotten",
        f"until the session ends; what was sent {retention.PUSHES_KEPT_FOR.days} days",
        "user/test_devices.py::test_one_device_too_many_takes_the_place_of_the_oldest",
    ),
    Door(
        "log of changes",
        "a row for each change of an order or a design",
        "user, by the bucket of cost",
        "`RATE_LIMITED`",
        f"{entity_changes.RETENTION.days} days",
        "order/test_order_changes.py::test_changes_are_kept_for_a_time_and_cursors_from_before_are_refused",
    ),
    Door(
        "ids that a search by words finds",
        f"the {text_search.MOST_FOUND:,} newest",
        "request",
        "older ones are not found",
        REQUEST,
        "order/test_search.py::test_no_search_scans_a_table",
    ),
    Door(
        "idempotency keys",
        f"{idempotency.LONGEST_KEY} characters; a row for each change, with its answer",
        "user, by the bucket of cost",
        "`INVALID_INPUT`",
        f"{idempotency.RETENTION.days} days",
        "builder/test_idempotency.py::test_keys_are_forgotten_after_their_time_and_not_before",
    ),
)
SHOP = (
    Door(
        "designs",
        f"{designs.MOST_DRAFTS} drafts, {designs.MOST_DESIGNS:,} in all",
        "customer",
        "`ILLEGAL_STATE`",
        "until they or the account are deleted",
        "builder/test_most_designs.py::test_drafts_are_limited_for_each_customer_in_every_way",
    ),
    Door(
        "presets in the shop",
        f"{presets.MOST_PRESETS:,}",
        "shop",
        "`ILLEGAL_STATE`",
        "until staff archive some",
        "builder/test_preset_search.py::test_the_shop_has_only_so_many_presets",
    ),
    Door(
        "links to designs",
        f"{shares.MOST_SHARES} open links of a design, {shares.MOST_DAYS} days each",
        "design",
        "`ILLEGAL_STATE`",
        "with the design",
        "builder/test_shares.py::test_a_design_has_only_so_many_open_links",
    ),
    Door(
        "requests for pictures",
        f"{previews.MOST_PICTURES:,} in {previews.LIMIT_SECONDS} s",
        "network",
        "429 with `Retry-After`",
        f"{previews.LIMIT_SECONDS} s in Redis",
        "builder/test_picture_limits.py::test_pictures_are_counted_by_network_and_refused_before_anything_is_painted",
    ),
    Door(
        "pictures of unsaved configurations",
        f"{previews.MOST_UNSAVED} PNGs in {previews.LIMIT_SECONDS} s; SVGs as requests for pictures; "
        f"{previews.LONGEST_CONTENT:,} characters of an address",
        "network",
        "429 with `Retry-After`; 404",
        "not kept",
        "builder/test_unsaved.py::test_pngs_of_unsaved_configurations_are_limited_by_network",
    ),
    Door(
        "pictures being painted",
        f"{rendering.MOST_IN_HAND} in a process of its own, {rendering.RENDER_TIMEOUT_SECONDS:g} s and "
        f"{rendering.LARGEST_PNG // 10**6} MB each",
        "process",
        "503 with `Retry-After`",
        "until they are painted",
        "builder/test_previews.py::test_beyond_a_bound_clients_are_told_to_come_again",
    ),
    Door(
        "pictures kept",
        f"{previews.MOST_KEPT} rows of a customer; presets and products have one for each size",
        "customer",
        "painted each time",
        f"{previews.KEPT_DAYS} days without being seen",
        "builder/test_kept_pictures.py::test_of_one_customer_so_many_pictures_are_kept_and_all_are_shown",
    ),
    Door(
        "guests' look-ups",
        f"in {guests.WINDOW_SECONDS // 60} minutes {guests.MOST_PER_NUMBER} wrong answers to a number of a network, "
        f"{guests.MOST_WRONG_PER_ADDRESS} wrong and {guests.MOST_PER_ADDRESS:,} in all of a network",
        "number and network",
        "`RATE_LIMITED`",
        f"{guests.WINDOW_SECONDS // 60} minutes in Redis",
        "order/test_guests.py::test_wrong_answers_are_limited_and_close_the_number_for_nobody_else",
    ),
    Door(
        "carts",
        f"one open cart of a customer, {creation.MOST_OF_GUESTS} a day of guests of a network; {items.MOST_LINES} "
        f"lines and {items.MOST_PIECES:,} pieces each",
        "customer, or network",
        "`RATE_LIMITED`; a cart that is full: `INVALID_INPUT`",
        f"{holders.GUEST_CARTS_LAST.days} days without a change, a customer's {holders.CUSTOMER_CARTS_LAST.days}; "
        f"{holders.ORDERED_CARTS_LAST.days} days once it is ordered",
        "order/test_carts.py::test_carts_of_guests_are_limited_for_each_network",
    ),
    Door(
        "checkouts",
        f"{checkout.MOST_TO_CONTACT} orders a day with one contact address, {checkout.MOST_OF_NETWORK} of a network",
        "contact address and network",
        "`RATE_LIMITED`; nothing is ordered",
        "as orders, which the shop keeps",
        "order/test_checkout.py::test_nobody_is_flooded_with_orders",
    ),
    Door(
        "guesses at discount codes",
        f"{discount_codes.MOST_WRONG} codes that do not exist in {discount_codes.WINDOW_SECONDS // 60} minutes",
        "network",
        "`RATE_LIMITED`",
        f"{discount_codes.WINDOW_SECONDS // 60} minutes in Redis",
        "order/test_discount_codes.py::test_guesses_are_limited_by_network_and_right_codes_are_none",
    ),
    Door(
        "reorders",
        f"{reorder.MOST_A_DAY} a day",
        "customer",
        "`RATE_LIMITED`",
        "as orders, which the shop keeps",
        "order/test_reorder.py::test_a_customer_orders_again_a_few_times_a_day",
    ),
    Door(
        "payments",
        f"one open payment of an amount, {payments.MOST_CANCELLED} that were cancelled at the provider",
        "order",
        "the open one again; `ILLEGAL_STATE`",
        "with the order",
        "order/test_payments.py::test_payments_that_are_cancelled_again_and_again_come_to_an_end",
    ),
    Door(
        "verified webhooks",
        f"{mebibytes(LARGEST_DELIVERY)} each, once a delivery",
        "the sender, who has a secret",
        "413; a repeated one is not stored",
        days(WebhookSettings, "webhook_retention_days"),
        "webhook/test_intake.py::test_an_oversize_body_is_refused",
    ),
    Door(
        "unverified webhooks",
        f"a row without body and headers: {rejections.MOST_OF_A_NETWORK} a day of a network, "
        f"{rejections.MOST_A_DAY:,} in "
        "all",
        "network",
        "401, nothing stored",
        days(WebhookSettings, "webhook_retention_days"),
        "webhook/test_rejections.py::test_of_one_network_few_are_kept_and_others_still_are",
    ),
)
ANALYTICS = (
    Door(
        "`/collect` and `eventsTrack`",
        f"{inputs.MOST_EVENTS:,} events in a batch, {event_parsing.MOST_PROPERTIES} properties of "
        f"{event_parsing.LONGEST_PROPERTY} characters each; {intake_limits.MOST_EVENTS:,} events in "
        f"{intake_limits.EVENTS_SECONDS // 60} minutes, {intake_limits.MOST_EVENTS_A_DAY:,} a day",
        "user or network",
        "429 with `Retry-After`; in the graph `RATE_LIMITED`",
        f"{days(AnalyticsSettings, 'analytics_retention_days')}; ids {event_storage.KEYS_KEPT.days} days",
        "analytics/test_intake_limits.py::test_a_batch_counts_as_its_events_and_beyond_the_limit_nothing_is_stored",
    ),
    Door(
        "events not stored yet",
        mebibytes(tracking.MOST_BYTES),
        "process",
        "429 with `Retry-After`",
        "until they are stored",
        "analytics/test_collect.py::test_more_than_there_is_capacity_for_is_told_to_come_again",
    ),
    Door(
        "assignments of experiments",
        "each counts as an event; a row for each subject of a running experiment",
        "user or network",
        "`RATE_LIMITED`",
        "with the experiment, or until the account is deleted",
        "analytics/test_intake_limits.py::test_assignments_count_as_events_and_beyond_the_limit_none_is_stored",
    ),
    Door(
        "exports",
        f"{MOST_UNFINISHED_EXPORTS} that are not finished",
        "member of staff",
        "`RATE_LIMITED`",
        days(AnalyticsSettings, "export_retention_days"),
        "analytics/test_export_access.py::test_nobody_has_more_than_a_few_unfinished_exports",
    ),
    Door(
        "files of exports",
        f"{intake_limits.MOST_FILES} requests in {intake_limits.FILES_SECONDS} s",
        "network",
        "429 with `Retry-After`",
        f"{intake_limits.FILES_SECONDS} s in Redis",
        "analytics/test_intake_limits.py::test_files_are_counted_by_network_and_refused_without_a_trace",
    ),
    Door(
        "verifications of the audit log",
        f"{verification.MOST_ENTRIES:,} entries in {verification.WINDOW_SECONDS} s",
        "member of staff",
        "`RATE_LIMITED`",
        REQUEST,
        "audit/test_graph.py::test_a_verification_costs_its_caller_what_it_reads",
    ),
)
INSIDE = (
    Door(
        "events in the broker",
        "its `maxmemory`; it never evicts",
        "what the change cost",
        "they wait in the outbox",
        f"{broker.KEPT_SECONDS // 60} minutes after all have handled them, less where it is full",
        "shared/test_full_broker.py::test_a_full_broker_refuses_events_and_they_come_when_there_is_room",
    ),
    Door(
        "events in outbox and inbox",
        "a row for each event and receiver",
        "what the change cost",
        "none: they follow a change that was paid for",
        f"{outbox.RETENTION.days} and {inbox.INBOX_RETENTION_DAYS} days",
        "shared/test_event_retention.py::test_old_events_are_forgotten_once_they_are_published_and_handled",
    ),
    Door(
        "log of jobs",
        "a row for each job, mails included",
        "what the change cost",
        "none: they follow a change that was paid for",
        f"{LOG_RETENTION_DAYS} days",
        "shared/test_jobs.py::test_what_became_of_jobs_is_forgotten_after_two_weeks",
    ),
)
