import Sterna
import TestSupport
import Testing
import VersionStore

@testable import SternaCLI

@Suite struct DoctorTests {
  @Test("A store in memory passes every check that concerns it, and keeps nothing of it")
  func healthyStore() async throws {
    let store = try await Store.open("memory://doctor-test")
    let checks = try await Examination(store: store, allowsSingleWriter: false, environment: .live).run()
    #expect(checks.map(\.status) == checks.map { _ in .ok })
    #expect(checks.map(\.name) == ["place", "access", "round trip", "conditional writes", "store marker"])
    #expect(try await store.libraries() == [])
    #expect(try await store.catalog.marker() == nil)
  }

  @Test("A clock is compared in seconds, and small differences are those of the answer")
  func clock() {
    #expect(ClockFinding(offsetSeconds: 0).check.status == .ok)
    #expect(ClockFinding(offsetSeconds: -4).check.status == .ok)
    let behind = ClockFinding(offsetSeconds: 3_600).check
    #expect(behind.status == .warn)
    #expect(behind.detail == "this machine is 3600 s behind the server")
    #expect(ClockFinding(offsetSeconds: -30).check.detail == "this machine is 30 s ahead of the server")
  }

  @Test("A failed check carries the status of its error")
  func failedCheck() {
    let check = Check(
      "access", failedWith: SternaError(.bucketNotFound, "no such bucket", advice: "Make it."))
    #expect(check.exitStatus == .notFound)
    #expect(
      check.lines(isColored: false) == """
        fail  access              no such bucket
                                  Make it.

        """)
  }
}
