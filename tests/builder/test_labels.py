"""Labels of the catalogue: in the language and the units that are asked for, complete in each language."""

from string import Formatter

import pytest

from shared.graph.languages import Language, language_of
from subgraphs.builder import enums
from subgraphs.builder.catalogue.texts import TEXTS, Texts
from tests.builder.support import config, words
from tests.support.apps import Served

OPTIONS = """query ($product: ProductKind!, $language: Language! = EN, $units: MeasurementSystem! = METRIC) {
  productOptions(product: $product, language: $language, units: $units) {
    label hardware hardwareOptions { finish label hex } textPositions textPositionOptions { position label }
    sizes {
      size label measure dimensions { kind label measurement { value most unit text } }
      fit { measure label least below range { value most unit text } }
    }
    materials { material label colors { color label } patterns patternOptions { pattern label } }
    colorPairs { primary label secondary { color label } }
    techniques { technique label fonts fontOptions { font label } colors { label } }
    layers { motifs motifOptions { motif label } colors { label } }
  }
}"""
QUOTE = """query ($config: DesignConfigInput!, $language: Language! = EN) {
  priceQuote(input: { config: $config, quantity: 10 }, language: $language) {
    ... on PriceQuote { items { kind label } }
  }
}"""
NAMED = {
    "products": enums.ProductKind,
    "categories": enums.PresetCategory,
    "sizes": enums.Size,
    "materials": enums.Material,
    "colors": enums.Color,
    "patterns": enums.Pattern,
    "hardware": enums.HardwareFinish,
    "techniques": enums.TextTechnique,
    "fonts": enums.Font,
    "positions": enums.TextPosition,
    "motif_names": enums.Motif,
    "measures": enums.PetMeasure,
    "dimensions": enums.DimensionKind,
    "dimension_texts": enums.DimensionKind,
    "units": enums.MeasurementUnit,
}


@pytest.mark.parametrize("language", Language)
def test_no_text_of_a_language_is_missing_or_empty(language: Language) -> None:
    texts = TEXTS[language]
    plain = set(Texts.model_fields) - set(NAMED)
    assert plain == {"decimal_mark", "motif", "motifs", "percent_off"}
    assert all(getattr(texts, name).strip() for name in plain)
    for name, choices in NAMED.items():
        labels = getattr(texts, name)
        assert set(labels) == set(choices)
        assert all(label == label.strip() != "" for label in labels.values())
    for name in set(NAMED) - {"dimension_texts", "units"}:
        labels = getattr(texts, name)
        assert len(set(labels.values())) == len(labels), name


@pytest.mark.parametrize("language", Language)
def test_what_varies_has_a_place_in_each_language(language: Language) -> None:
    texts = TEXTS[language]
    assert _places(texts.motifs) == ["count"]
    assert _places(texts.percent_off) == ["percent"]
    assert all(_places(text) == [""] for text in texts.dimension_texts.values())
    assert _places(texts.motif) == []


def _places(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


async def test_a_form_is_named_in_english_and_metric_units_by_default(builder: Served) -> None:
    with builder.statements() as sent:
        options = (await builder.execute(OPTIONS, product="COLLAR")).data["productOptions"]
    assert sent == []
    assert options["label"] == "Collar"
    assert options["sizes"][0]["label"] == "Extra small"
    assert options["sizes"][0]["measure"] == "Neck 20–28 cm, 10 mm wide"  # noqa: RUF001
    assert options["hardwareOptions"][3] == {"finish": "ROSE_GOLD", "label": "Rose gold", "hex": "#D79A86"}


async def test_a_form_is_named_in_the_language_that_is_asked_for(builder: Served) -> None:
    options = (await builder.execute(OPTIONS, product="BOWL", language="DE")).data["productOptions"]
    assert options["label"] == "Napf"
    size = options["sizes"][0]
    assert (size["label"], size["measure"]) == ("Klein", "0,35 l, 13 cm Durchmesser")
    assert size["dimensions"] == [
        {
            "kind": "CAPACITY",
            "label": "Inhalt",
            "measurement": {"value": "0.35", "most": None, "unit": "LITER", "text": "0,35 l"},
        },
        {
            "kind": "DIAMETER",
            "label": "Durchmesser",
            "measurement": {"value": "13", "most": None, "unit": "CENTIMETER", "text": "13 cm"},
        },
    ]
    assert {each["material"]: each["label"] for each in options["materials"]}["CERAMIC"] == "Keramik"
    assert {each["color"]: each["label"] for each in options["materials"][0]["colors"]}["WHITE"] == "Weiß"


@pytest.mark.parametrize("product", enums.ProductKind)
async def test_each_choice_of_a_form_has_a_label_in_the_same_order(builder: Served, product: enums.ProductKind) -> None:
    options = (await builder.execute(OPTIONS, product=product.value, language="FR")).data["productOptions"]
    assert [each["finish"] for each in options["hardwareOptions"]] == options["hardware"]
    assert [each["position"] for each in options["textPositionOptions"]] == options["textPositions"]
    for material in options["materials"]:
        assert [each["pattern"] for each in material["patternOptions"]] == material["patterns"]
    for technique in options["techniques"]:
        assert [each["font"] for each in technique["fontOptions"]] == technique["fonts"]
    if options["layers"] is not None:
        assert [each["motif"] for each in options["layers"]["motifOptions"]] == options["layers"]["motifs"]
    texts = TEXTS[Language.FR]
    assert [each["label"] for each in options["materials"]] == [
        texts.materials[enums.Material(each["material"])] for each in options["materials"]
    ]
    assert [each["label"] for each in options["colorPairs"]] == [
        texts.colors[enums.Color(each["primary"])] for each in options["colorPairs"]
    ]


async def test_lengths_volumes_and_weights_are_shown_in_imperial_units(builder: Served) -> None:
    collar = (await builder.execute(OPTIONS, product="COLLAR", units="IMPERIAL")).data["productOptions"]["sizes"][0]
    assert collar["measure"] == "Neck 7.9–11 in, 0.4 in wide"  # noqa: RUF001
    assert collar["fit"] == {
        "measure": "NECK",
        "label": "Neck",
        "least": 20,
        "below": 27,
        "range": {"value": "7.9", "most": "10.6", "unit": "INCH", "text": "7.9–10.6 in"},  # noqa: RUF001
    }
    leash = (await builder.execute(OPTIONS, product="LEASH", units="IMPERIAL")).data["productOptions"]["sizes"][1]
    assert [each["measurement"]["text"] for each in leash["dimensions"]] == ["5.9 ft", "0.6 in"]
    assert leash["fit"]["range"]["text"] == "22–55.1 lb"  # noqa: RUF001
    bowl = (await builder.execute(OPTIONS, product="BOWL", units="IMPERIAL")).data["productOptions"]["sizes"][2]
    assert bowl["dimensions"][0]["measurement"] == {
        "value": "50.7",
        "most": None,
        "unit": "FLUID_OUNCE",
        "text": "50.7 fl oz",
    }


async def test_a_pet_measured_in_inches_or_pounds_gets_its_size(builder: Served) -> None:
    query = """query ($product: ProductKind!, $measure: Int!) { productOptions(product: $product) {
      sizeFor(measure: $measure, units: IMPERIAL) } }"""
    # 10 in are 25.4 cm and 11 in 27.94 cm; 17 lb are 7.7 kg and 18 lb 8.2 kg.
    for product, measure, size in (
        *(("COLLAR", 10, "EXTRA_SMALL"), ("COLLAR", 11, "SMALL"), ("COLLAR", 30, None)),
        *(("TAG", 17, "SMALL"), ("TAG", 18, "MEDIUM")),
    ):
        options = (await builder.execute(query, product=product, measure=measure)).data["productOptions"]
        assert options["sizeFor"] == size


async def test_lines_of_a_quote_are_named_in_the_language_that_is_asked_for(builder: Served) -> None:
    layers = [{"motif": "PAW", "color": "WHITE", "x": x, "y": 50, "size": 30} for x in (20, 80)]
    wanted = config(material="NYLON", text=words(), layers=layers)
    items = (await builder.execute(QUOTE, config=wanted, language="DE")).data["priceQuote"]["items"]
    named = {item["kind"]: item["label"] for item in items}
    assert (named["BASE"], named["TEXT"]) == ("Halsband", "Stickerei")
    assert (named["LAYERS"], named["QUANTITY_DISCOUNT"]) == ("2 Motive", "10 % Rabatt")
    french = (await builder.execute(QUOTE, config=wanted, language="FR")).data["priceQuote"]["items"]
    assert {item["kind"]: item["label"] for item in french}["QUANTITY_DISCOUNT"] == "10 % de remise"


async def test_a_language_without_texts_is_refused(builder: Served) -> None:
    refused = await builder.execute('{ productOptions(product: BED, language: "de") { label } }')
    assert refused.codes == ["GRAPHQL_VALIDATION_FAILED"]
    unknown = await builder.execute("{ productOptions(product: BED, language: ES) { label } }")
    assert unknown.codes == ["GRAPHQL_VALIDATION_FAILED"]


def test_a_locale_leads_to_its_language_or_english() -> None:
    found = {tag: language_of(tag) for tag in ("de", "de-AT", "nl-BE", "fr-CH", "en-US", "es", "gsw-CH")}
    assert [found[tag].name for tag in ("de", "de-AT", "nl-BE", "fr-CH")] == ["DE", "DE", "NL", "FR"]
    assert {found[tag] for tag in ("en-US", "es", "gsw-CH")} == {Language.EN}
