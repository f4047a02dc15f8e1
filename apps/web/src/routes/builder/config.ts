/** Configurations that the catalogue allows: what to start from, and what becomes of the rest when one choice changes. */
import type {
  BuilderOptionsFragment,
  Color,
  ConfigPartsFragment,
  DesignConfigInput,
  DesignLayerInput,
  DesignTextInput,
  HardwareFinish,
  Pattern,
} from "../../gql";

/** A configuration with every choice made: null where the product or the taste has none. */
export interface Config extends DesignConfigInput {
  pattern: Pattern;
  secondaryColor: Color | null;
  hardware: HardwareFinish | null;
  text: DesignTextInput | null;
  layers: DesignLayerInput[];
}

export type Options = BuilderOptionsFragment;

function oneOf<T>(wanted: T | null | undefined, allowed: readonly T[]): T | null {
  if (wanted !== null && wanted !== undefined && allowed.includes(wanted)) return wanted;
  return allowed[0] ?? null;
}

/** A stored configuration as it is sent. */
export function configOf({ __typename, text, layers, ...rest }: ConfigPartsFragment): Config {
  const { __typename: _, ...words } = text ?? { __typename: "DesignText" };
  return {
    ...rest,
    text: text ? (words as DesignTextInput) : null,
    layers: layers.map(({ __typename: _layer, ...layer }) => layer),
  };
}

export function materialOf(config: Config, options: Options): Options["materials"][number] | undefined {
  return options.materials.find(({ material }) => material === config.material);
}

/** The second colours that go with the first. */
export function secondColours(config: Config, options: Options): Options["colorPairs"][number]["secondary"] {
  return options.colorPairs.find(({ primary }) => primary === config.primaryColor)?.secondary ?? [];
}

function fittingText(text: DesignTextInput | null | undefined, config: Config, options: Options): DesignTextInput | null {
  const techniques = materialOf(config, options)?.techniques ?? [];
  const technique = oneOf(text?.technique, techniques);
  const made = options.techniques.find((each) => each.technique === technique);
  const font = oneOf(text?.font, made?.fontOptions.map((each) => each.font) ?? []);
  const position = oneOf(text?.position, options.textPositionOptions.map((each) => each.position));
  if (!text || technique === null || font === null || position === null) return null;
  const color = oneOf(text.color, made?.colors.map((each) => each.color) ?? []);
  return { content: text.content, technique, font, position, color };
}

/** The nearest configuration that the catalogue allows, as far as choices go; the graph has the last word. */
export function fitting(config: Config, options: Options): Config {
  const material = materialOf(config, options) ?? options.materials[0];
  if (material === undefined) return config;
  const primary = oneOf(config.primaryColor, material.colors.map(({ color }) => color)) ?? config.primaryColor;
  const base: Config = {
    ...config,
    size: oneOf(config.size, options.sizes.map(({ size }) => size)) ?? config.size,
    material: material.material,
    primaryColor: primary,
    pattern: oneOf(config.pattern, material.patternOptions.map((each) => each.pattern)) ?? "SOLID",
    hardware: oneOf(config.hardware, options.hardwareOptions.map((each) => each.finish)),
  };
  const second = oneOf(config.secondaryColor, secondColours(base, options).map(({ color }) => color));
  return {
    ...base,
    secondaryColor: base.pattern === "SOLID" ? null : second,
    text: fittingText(config.text, base, options),
    layers: options.layers ? config.layers.slice(0, options.layers.most) : [],
  };
}

/** The plainest configuration of a product, in a middle size. */
export function plainConfig(options: Options): Config {
  const size = options.sizes[Math.floor(options.sizes.length / 2)]?.size ?? "MEDIUM";
  const rest = { material: "NYLON", primaryColor: "BLACK", secondaryColor: null, pattern: "SOLID" } as const;
  return fitting({ product: options.product, size, ...rest, hardware: null, text: null, layers: [] }, options);
}

/** A text as it begins; null where the material takes none. */
export function newText(config: Config, options: Options): DesignTextInput | null {
  const blank = { content: "", technique: "ENGRAVING", font: "SANS", position: "CENTER", color: null } as const;
  return fittingText(blank, config, options);
}

/** A motif as it begins: in the middle of what is allowed. */
export function newLayer(options: NonNullable<Options["layers"]>): DesignLayerInput | null {
  const motif = options.motifOptions[0]?.motif;
  const color = options.colors[0]?.color;
  if (motif === undefined || color === undefined) return null;
  const middle = (name: string): number => {
    const limit = options.limits.find(({ field }) => field === name);
    return limit ? Math.round((limit.least + limit.most) / 2) : 0;
  };
  return { motif, color, x: middle("x"), y: middle("y"), size: middle("size"), rotation: 0, hidden: false };
}
