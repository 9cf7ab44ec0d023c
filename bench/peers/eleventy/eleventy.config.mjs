// One page a customer, the lists by stage and owner, and one of all.

const SCALARS = ["industry", "size", "website", "region", "source", "level", "stage", "owner", "created", "value", "expected_close", "tags"];

const day = (value) => (value instanceof Date ? value.toISOString().slice(0, 10) : value);

export default function (config) {
  const customers = (api) => api.getFilteredByGlob("content/**/*.md");
  const lists = (key) => (api) => {
    const groups = Map.groupBy(customers(api), (page) => page.data[key] ?? "");
    return [...groups].map(([title, members], number) => ({ title, members, address: `${key}-${number}.html` }));
  };
  config.addCollection("customers", customers);
  config.addCollection("stages", lists("stage"));
  config.addCollection("owners", lists("owner"));
  config.addGlobalData("layout", "customer.njk");
  config.addGlobalData("scalars", SCALARS);
  config.addGlobalData("permalink", () => (data) => `${data.page.filePathStem}.html`);
  config.addFilter("shown", (value) => (Array.isArray(value) ? value.join(", ") : day(value)));
  return {
    markdownTemplateEngine: false,
    dir: { input: ".", includes: "_includes", output: "output" },
  };
}
