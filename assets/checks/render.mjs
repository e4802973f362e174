// Renders components of MoJ Frontend as their authors wrote them, for tests that compare ours with them.
// Arguments: where npm's packages for checks and for assets are. Input: a list of [component, macro, params].
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [checks, assets] = process.argv.slice(2);
const nunjucks = createRequire(`${checks}/`)("nunjucks");
const places = [`${assets}/govuk-frontend/dist`, `${assets}/@ministryofjustice/frontend`];
const environment = nunjucks.configure(places, { autoescape: true });

// Upstream leaves writing dates to filters of the service. Ours is given the words already.
environment.addFilter("mojDate", (timestamp, words) => words);

const rendered = JSON.parse(readFileSync(0, "utf8")).map(([component, macro, params]) =>
  environment.renderString(
    `{% from "moj/components/${component}/macro.njk" import ${macro} %}{{ ${macro}(params) }}`,
    { params },
  ),
);
process.stdout.write(JSON.stringify(rendered));
