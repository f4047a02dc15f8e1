/** What the rules would refuse and is right all the same, each with its reason. An exception of nothing is a finding. */

/** Types without an `id`. Whoever normalises answers by ids keeps them with the object that holds them. */
export const WITHOUT_ID = [
  { reason: "A page of a list, and what a mutation answers.", suffixes: ["Connection", "Edge", "Success", "Problem"] },
  { reason: "Relay's page information, and of what there is one.", types: ["PageInfo", "Reports", "Shop"] },
  {
    reason: "A value, which is equal to another with the same fields.",
    types: [
      "AuditChange", "AuditSubject", "ConfidenceInterval", "DeliveryDays", "DesignConfig", "DesignLayer", "DesignText",
      "ExperimentNamespace", "ExportSelection", "InvalidField", "Length", "Measurement", "Money", "PetMeasures", "PriceItem",
      "ShippingAddress", "TargetingRule", "Variant", "Weight",
    ],
  },
  {
    reason: "A number of a report, which another period or filter changes.",
    types: [
      "AuditActionCount", "AuditSummary", "BestSeller", "BestSellers", "Cohort", "CohortWeek", "ColorFacet",
      "MaterialFacet", "PresetCategoryFacet", "PresetFacets", "ProductKindFacet", "Conversion", "ConversionGroup", "DesignStats", "Funnel", "FunnelStage", "Metric",
      "Revenue", "OrderStats", "OrderStatusCount", "SampleRatio", "VariantComparison", "WebhookSourceCount",
      "WebhookStateCount", "WebhookStats", "WebhookTopicCount",
    ],
  },
  {
    reason: "What the catalogue allows, and what is computed of a cart or a configuration.",
    types: [
      "CartCost", "CartShippingRate", "ColorOption", "ColorPairOption", "FontOption", "HardwareOption", "LayerLimit",
      "LayerOptions", "MaterialOption", "MotifOption", "NoQuote", "PatternOption", "PriceQuote", "ProductOptions",
      "QuantityBreakOption", "Quote", "SizeDimension", "SizeFit", "SizeOption", "TechniqueOption", "TextPositionOption",
    ],
  },
  {
    reason: "The answer to one request, which is not kept.",
    types: [
      "AuditBreak", "AuditVerification", "ClientConfig", "EventVerdict", "OrderAdvanceOutcome", "OrderTransition",
      "SecondFactorChallenge", "VariantDecision",
    ],
  },
  {
    reason: "What a guest sees of an order or a design: its id would be of use to nobody who may not read it.",
    types: ["GuestOrder", "GuestOrderStatus", "SharedDesign"],
  },
  { reason: "What changed since a cursor.", suffixes: ["Delta"] },
  {
    reason: "An event of a feed, or a part of one object that is shown with it alone.",
    types: [
      "LinkedVisitor", "MailSuppression", "OrderChange", "OrderFeedItem", "OrderStatusChange", "Payment",
      "Preferences", "WebhookAttempt", "WebhookEvent", "WebhookFeedItem",
    ],
  },
];

/** Types in pages of lists that are no `Node`. */
export const LISTED_WITHOUT_NODE = [
  { reason: "It has no key of its own: the log of events is read in pages alone.", types: ["AnalyticsEvent"] },
  { reason: "It is one half of a pair, and has no id.", types: ["LinkedVisitor"] },
  { reason: "Its id is a number of the log, which tells no type.", types: ["CacheInvalidation"] },
  {
    reason: "It is read with the object that it belongs to, whose rule decides who may see it.",
    types: ["DesignShare", "ExperimentAssignment", "OrderTask", "Passkey", "Session"],
  },
  { reason: "It is read in its list, for staff.", types: ["DiscountCode"] },
];

/** Lists of nodes that are not in pages, beside the `nodes` of each connection. */
export const UNPAGED = [
  { reason: "Relay's specification has it.", fields: ["Query.nodes"] },
  { reason: "There are as many as kinds of products.", fields: ["Query.products"] },
  { reason: "The page is limited by `first`, and goes on from `cursor`.", fields: ["DesignDelta.nodes", "OrderDelta.nodes"] },
  { reason: "They are those that the request names.", fields: ["WebhookReplaySuccess.deliveries"] },
];
