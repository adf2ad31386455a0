import ProtocolModel

@main
struct ProtocolCheck {
  static func main() {
    let args = CommandLine.arguments
    let limit = args.count > 1 ? Int(args[1])! : 100_000
    let clock = ContinuousClock()
    if args.count == 2, limit < 0 {
      for control in Control.all {
        var explorer = Explorer(control.scenario, rulesOff: [control.rule])
        let report = explorer.run(stateLimit: -limit)
        print("CONTROL", control.rule, report.stateCount, report.violation?.message ?? "NOTHING FOUND")
        for line in report.violation?.trace ?? [] { print("  ", line) }
      }
      return
    }
    for scenario in Scenario.all where args.count < 3 || scenario.name.contains(args[2]) {
      let start = clock.now
      var explorer = Explorer(scenario)
      let report = explorer.run(stateLimit: limit)
      print(
        scenario.name, report.stateCount, report.transitionCount, "depth", report.depth,
        report.isCutOff ? "cut" : "all", clock.now - start, report.outcomes.sorted())
      if let violation = report.violation {
        print("VIOLATION", violation.message)
        for line in violation.trace { print("  ", line) }
      }
    }
  }
}
