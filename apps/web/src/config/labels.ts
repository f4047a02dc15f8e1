/** The names that the catalogue has for the choices of a configuration, in the language that was asked for. */
import type { ConfigPartsFragment, OptionLabelsFragment } from "../gql";

type Names = ReadonlyMap<string, string>;

function namesOf<Option extends { label: string }>(options: readonly Option[], valueOf: (option: Option) => string): Names {
  return new Map(options.map((option) => [valueOf(option), option.label]));
}

/** What is chosen in a configuration, in words. What the catalogue no longer offers is left out. */
export function wordsOf(config: ConfigPartsFragment, options: OptionLabelsFragment) {
  const { materials, techniques, colorPairs, hardwareOptions, layers } = options;
  const pick = (names: Names, ...values: readonly (string | null)[]): string =>
    values.flatMap((value) => (value && names.get(value)) || []).join(", ");
  const colours = [...materials.flatMap((each) => each.colors), ...colorPairs.flatMap((each) => each.secondary)];
  return {
    size: pick(namesOf(options.sizes, ({ size }) => size), config.size),
    material: pick(namesOf(materials, ({ material }) => material), config.material),
    colours: pick(namesOf(colours, ({ color }) => color), config.primaryColor, config.secondaryColor),
    pattern: pick(namesOf(materials.flatMap((each) => each.patternOptions), ({ pattern }) => pattern), config.pattern),
    hardware: pick(namesOf(hardwareOptions, ({ finish }) => finish), config.hardware),
    technique: pick(namesOf(techniques, ({ technique }) => technique), config.text?.technique ?? null),
    motifs: pick(namesOf(layers?.motifOptions ?? [], ({ motif }) => motif), ...config.layers.map(({ motif }) => motif)),
  };
}
