import { testEveryPoint } from "../../support/gate/every-point";

testEveryPoint(["run", "verify", "redact"]);
