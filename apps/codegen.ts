/** Types and trusted documents of the apps, from `router/schema.graphql` and the `.graphql` files beside the components. */
import { addTypenameSelectionDocumentTransform } from "@graphql-codegen/client-preset";
import type { CodegenConfig } from "@graphql-codegen/cli";

const SCALARS = { Date: "string", DateTime: "string", Decimal: "string", JSON: "unknown" };

/** What is written for one package, and its manifest by the SHA-256 hash of each text. */
function generated(folder: string): CodegenConfig["generates"] {
  return {
    [`${folder}/src/gql/`]: {
      documents: `${folder}/src/**/*.graphql`,
      preset: "client",
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { mode: "embedHashInDocument", hashAlgorithm: "sha256" },
      },
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        documentMode: "string",
        scalars: SCALARS,
        strictScalars: true,
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true, inputValue: false, object: false, defaultValue: false },
      },
    },
  };
}

const config: CodegenConfig = {
  schema: "../router/schema.graphql",
  generates: {
    ...generated("shared/client"),
    ...generated("web"),
    ...generated("admin"),
    ...generated("mobile"),
  },
  ignoreNoDocuments: true,
};

export default config;
