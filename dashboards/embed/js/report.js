// gapi.analytics.report.Data: asks a query and hands over the answer as it came.

import { derive } from "./component.js";
import { asksAnew, note } from "./reviving.js";
import { ask, askQuery, failure, plain } from "./transport.js";
import { words } from "./page.js";

const DATES = { "start-date": "7daysAgo", "end-date": "yesterday" };

// A promise of the answer to a component's query. A date that is "" is sent, and refused as v3 refused it.
export function answer({ query, reportType = "ga" }) {
  if (reportType === "ga") return askQuery({ ...DATES, ...plain(query) });
  if (reportType === "realtime") return ask("realtime", query);
  return Promise.resolve(failure(400, "invalidParameter", words.reportType.replace("%s", reportType)));
}

export const Data = derive({
  execute() {
    asksAnew(this);
    answer(this.get()).then(({ status, body }) => {
      if (status === 200) return this.emit("success", body);
      note(this, body);
      return this.emit("error", body);
    });
    return this;
  },
});
