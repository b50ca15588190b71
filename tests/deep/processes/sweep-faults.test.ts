import { testEveryPoint } from "../../support/gate/every-point";

testEveryPoint(["rebuild", "seal"]);
