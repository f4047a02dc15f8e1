"""The operations of the story in `test_story.py`, and how to take part in it: as a customer, and as the outside."""

import email
import email.policy
from email.message import EmailMessage

from shared.core.settings import Settings
from subgraphs.webhook.subgraph import subgraph as webhook
from tests.support.accounts import log_in_at, open_account_at
from tests.support.http import http_client
from tests.support.shop import Shop
from tests.webhook.webhook_story import Posting

CONFIG = """
product size material primaryColor secondaryColor pattern hardware
text { content technique font position color } layers { motif color x y size rotation hidden }
"""
PRESET = f"query {{ presets(category: PLAYFUL, sort: NAME, first: 1) {{ nodes {{ id name config {{ {CONFIG} }} }} }} }}"
QUOTE = """
query ($config: DesignConfigInput!, $quantity: Int!) {
  priceQuote(input: { config: $config, quantity: $quantity }) {
    ... on PriceQuote { unitPrice { amount } total { amount } items { kind amount { amount } } }
  }
}"""
DESIGN = """
mutation ($preset: ID!) {
  designCreateFromPreset(input: { presetId: $preset, name: "For Rex" }) {
    ... on DesignCreateFromPresetSuccess { design { id status price { amount } owner { id } } }
    ... on Problem { message }
  }
}"""
SHARE = """
mutation ($id: ID!) {
  designShare(input: { id: $id }) { ... on DesignShareSuccess { token } ... on Problem { message } }
}"""
VIEW = """
query ($link: String!) { sharedDesign(token: $link) { name } }"""
ORDER = """
query ($email: String!) {
  orders(filter: { text: $email }, first: 1) {
    nodes {
      id number status version source customer { id } total { amount } subtotal { amount } discount { amount }
      lines { quantity unitPrice { amount } total { amount } design { id status } }
      timeline { version status actorKind delivery { id topic state order { id } events { type } } }
      shipments { id trackingNumber status scans { status } }
      webhookDeliveries(first: 50) { nodes { topic state attempts events { type } timeline { status } } }
    }
  }
}"""
LOOK_UP = """
query ($number: String!, $email: String!) { orderLookup(number: $number, email: $email) { orderId } }"""
FOLLOW = """
subscription ($id: ID!) { orderStatusChanged(orderId: $id, afterVersion: 0) { version status } }"""
SCAN = """
mutation ($shipment: ID!, $status: ShipmentStatus!) {
  shipmentScanAdd(input: { shipmentId: $shipment, status: $status, description: "Told by the driver" }) {
    __typename ... on Problem { message }
  }
}"""
TRACK = """
mutation ($id: String!, $at: String!, $design: ID!) {
  eventsTrack(input: { events: [
    { clientEventId: $id, name: "design_viewed", occurredAt: $at, subject: "a friend", designId: $design }
  ] }) { ... on EventsTrackSuccess { accepted } ... on Problem { message } }
}"""
TRAILS = """
query ($id: ID!, $design: ID!, $owner: ID!) {
  order(id: $id) {
    auditTrail(first: 100) { nodes { action actor { id } changes { field before after } } }
  }
  design(id: $design) { auditTrail(first: 50) { nodes { action actor { id } } } }
  user(id: $owner) { auditTrail(first: 50) { nodes { action } } }
  auditVerify { intact }
}"""
FUNNEL = """
query ($design: ID!) {
  design(id: $design) { stats { views shares orders } }
  ofDesign: events(filter: { designId: $design }, first: 100) { nodes { name } }
  created: events(filter: { name: "order.created" }, first: 100) { nodes { name properties } }
  changed: events(filter: { name: "order.status_changed" }, first: 100) { nodes { name properties } }
  delivered: events(filter: { name: "order.delivered" }, first: 100) { nodes { name properties } }
}"""
ACT = """
mutation ($events: [EventInput!]!) {
  eventsTrack(input: { events: $events }) { ... on EventsTrackSuccess { accepted } ... on Problem { message } }
}"""
IDENTIFY = """
mutation ($visitor: String!) {
  visitorIdentify(input: { visitor: $visitor }) {
    ... on VisitorIdentifySuccess { visitor { visitor } } ... on Problem { message }
  }
}"""
EXPERIMENT = """
mutation ($key: String!) {
  experimentCreate(input: {
    key: $key, name: "Story", variants: [{ key: "control", weight: 0.5 }, { key: "other", weight: 0.5 }]
  }) { ... on ExperimentCreateSuccess { experiment { id version } } ... on Problem { message } }
}"""
START = """
mutation ($id: ID!, $version: Int!) {
  experimentStart(input: { id: $id, version: $version }) { __typename }
}"""
ASSIGN = """
mutation ($key: String!, $subject: String) {
  experimentAssign(input: { key: $key, subject: $subject }) {
    ... on ExperimentAssignSuccess { decision { variant } } ... on Problem { message }
  }
}"""
REPORTS = """
query ($from: Date!, $to: Date!, $experiment: ID!, $basis: ReportBasis!) {
  reports {
    builderFunnel(from: $from, to: $to, segment: { audience: REGISTERED }, basis: $basis) { stages { subjects } }
    ofPeriod: conversionRate(from: $from, to: $to, segment: { audience: REGISTERED }, basis: $basis) {
      groups { subjects converted }
    }
    ofExperiment: conversionRate(experiment: $experiment, window: HOUR, basis: $basis) {
      groups { variant subjects converted }
    }
    revenue(from: $from, to: $to, basis: $basis) {
      orders total { amount currencyCode } gross { amount } refunded { amount }
    }
  }
}"""
REPLAY = """
mutation ($order: ID!, $states: [WebhookState!]) {
  webhookReplay(input: { filter: { orderId: $order, states: $states } }) {
    ... on WebhookReplaySuccess { replayed } ... on Problem { message }
  }
}"""


async def become_customer(shop: Shop, address: str) -> str:
    """Open an account with an e-mail address and log in; returns the access token."""
    return await log_in_at(shop, await open_account_at(shop, email=address, name="Sam Story"))


async def post(shop: Shop, *postings: Posting) -> None:
    """Deliver webhooks as their senders do, each twice: the second time it is a duplicate."""
    port = webhook.port(Settings(home=shop.home, port=shop.port))
    async with http_client() as sender:
        for posting in postings:
            url = f"http://127.0.0.1:{port}/webhooks/{posting.path}"
            for outcome in ("received", "duplicate"):
                answer = await sender.post(url, content=posting.body, headers=posting.headers())
                assert (answer.status_code, answer.json()) == (200, {"status": outcome})


def mails_to(shop: Shop, address: str) -> list[EmailMessage]:
    """Return the mails that left for an address, by their subjects."""
    parsed = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (shop.home / "mail").glob("*.eml")
    ]
    found = [mail for mail in parsed if isinstance(mail, EmailMessage) and address in mail["To"]]
    return sorted(found, key=lambda mail: str(mail["Message-ID"]))
