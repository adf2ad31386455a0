import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

private let howToStart: Comment = "needs a server: scripts/s3 start NAME, then eval \"$(scripts/s3 env)\""

/// The storage contract on real servers, with the retries that real use has.
@Suite(.serialized) struct ServerConformanceTests {
  private func check(_ rule: ObjectStoreConformance.Case, on server: TestServer) async throws {
    let store = RetryingObjectStore(try await server.preparedStore())
    try await rule.run(on: store, quirks: server.quirks)
  }

  @Test(.enabled(if: TestServer.ceph.isTested, howToStart), arguments: ObjectStoreConformance.cases)
  func cephDoesWhatTheContractSays(rule: ObjectStoreConformance.Case) async throws {
    try await check(rule, on: .ceph)
  }

  @Test(.enabled(if: TestServer.moto.isTested, howToStart), arguments: ObjectStoreConformance.cases)
  func motoDoesWhatTheContractSays(rule: ObjectStoreConformance.Case) async throws {
    try await check(rule, on: .moto)
  }

  @Test(.enabled(if: TestServer.rclone.isTested, howToStart), arguments: ObjectStoreConformance.cases)
  func rcloneDoesWhatTheContractSays(rule: ObjectStoreConformance.Case) async throws {
    try await check(rule, on: .rclone)
  }

  @Test(
    .enabled(if: TestServer.other.isTested, "STERNA_TEST_S3_ENDPOINT names no server"),
    arguments: ObjectStoreConformance.cases)
  func anyOtherServerDoesWhatTheContractSays(rule: ObjectStoreConformance.Case) async throws {
    try await check(rule, on: .other)
  }

  @Test(.enabled(if: TestServer.ceph.isTested, howToStart))
  func cephsConditionsHoldInARaceAndWantBareTags() async throws {
    let store = try await TestServer.ceph.preparedStore()
    // In a race Ceph answers 500 now and then, so the proof runs as it does in use: with retries.
    let retrying = RetryingObjectStore(store)
    #expect(try await ConditionalWriteProof(on: retrying, keyPrefix: "proof/").run() == .proven)
    #expect(store.eTagForm == .bare)
  }

  @Test(.enabled(if: TestServer.rclone.isTested, howToStart))
  func rcloneIsFoundOutToIgnoreConditions() async throws {
    let store = RetryingObjectStore(try await TestServer.rclone.preparedStore())
    let result = try await ConditionalWriteProof(on: store, keyPrefix: "proof/").run()
    guard case .refuted(let reasons) = result else {
      Issue.record("rclone passed the proof")
      return
    }
    #expect(!reasons.isEmpty)
  }
}
