import ProtocolModel

@main
struct ProtocolCheck {
  static func main() {
    let args = CommandLine.arguments
    let limit = args.count > 1 ? Int(args[1])! : 100_000
    let clock = ContinuousClock()
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
