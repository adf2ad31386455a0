import Testing

@testable import ProtocolModel

extension Scenario: CustomTestStringConvertible {
  public var testDescription: String { name }
}

extension Control: CustomTestStringConvertible {
  public var testDescription: String { "\(rule.rawValue) off: \(scenario.name)" }
}

/// The protocol in small scope; `scripts/test` searches further, and `scripts/soak` as long as you like.
@Suite struct RunTests {
  @Test(arguments: Scenario.all) func noInterleavingBreaksAPromise(_ scenario: Scenario) {
    var explorer = Explorer(scenario)
    let report = explorer.run(stateLimit: 3_000)
    #expect(report.violation == nil, "\(report)")
    #expect(report.stateCount > 900)
  }

  @Test(arguments: Control.all) func aRuleThatIsSwitchedOffIsFoundOut(_ control: Control) {
    var explorer = Explorer(control.scenario, rulesOff: [control.rule])
    let report = explorer.run(stateLimit: 200_000)
    #expect(report.violation != nil, "\(control.rule) in \(control.scenario.name)")
  }

  @Test func everyRuleHasAControl() {
    #expect(Set(Control.all.map(\.rule)) == Set(Rule.allCases))
  }
}
