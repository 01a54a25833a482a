// Rules for the scripts in dashboard/static: those that find errors, and those on which Python's reading of the scripts
// relies (dashboard/viewer/modules.py).
import js from "@eslint/js";
import globals from "globals";

const onlyOurModules = {
  selector: "ImportDeclaration[source.value!=/^\\.\\/\\w+\\.js$/]",
  message: 'Import from "./name.js" in the same folder: nothing else is served.',
};
const namedImports = {
  selector: "ImportDeclaration[specifiers.length=0]",
  message: "Import what is used, by name.",
};
const staticImports = {
  selector: "ImportExpression",
  message: "Import at the top: what a module loads is fetched together with it.",
};
const noReexports = {
  selector: ":matches(ExportAllDeclaration, ExportNamedDeclaration[source])",
  message: "Import from the module that defines it.",
};
const sheetAddresses = {
  selector: 'Literal[value=/\\.css$/]:not(NewExpression[callee.name="URL"] > Literal[value=/^\\.\\/\\w+\\.css$/])',
  message: 'Name a style sheet as new URL("./name.css", import.meta.url).',
};
const noHtml = {
  selector:
    ":matches(AssignmentExpression[left.property.name=/^(inner|outer)HTML$/], CallExpression[callee.property.name='insertAdjacentHTML'])",
  message: "Make elements with dom.js: text from outside must never become HTML.",
};

export default [
  { ignores: ["**/vendor/**", "**/.venv/**", "**/prepared/**"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      "default-case-last": "error",
      eqeqeq: "error",
      "max-lines": ["error", 300],
      "no-duplicate-imports": "error",
      "no-eval": "error",
      "no-implicit-coercion": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-param-reassign": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-throw-literal": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "no-use-before-define": ["error", { functions: false, variables: false }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      radix: "error",
      "require-atomic-updates": "error",
      yoda: "error",
    },
  },
  {
    files: ["dashboard/static/*.js"],
    languageOptions: { globals: globals.browser },
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "event", message: "Take it as an argument." },
        { name: "name", message: "Declare it." },
      ],
      "no-restricted-syntax": [
        "error",
        onlyOurModules,
        namedImports,
        staticImports,
        noReexports,
        sheetAddresses,
        noHtml,
      ],
    },
  },
];
