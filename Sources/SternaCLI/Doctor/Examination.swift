import ObjectStore
import S3
import Sterna
import SternaBase
import VersionStore

/// The checks of `doctor`, in the order in which they build on each other: the first that fails makes
/// those behind it pointless.
///
/// What only a bucket has (credentials, clock, form of tags) is asked where there is one.
struct Examination {
  let store: Store
  /// The user vouches that there is one writer at a time, so that a store without conditional writes will
  /// do.
  let allowsSingleWriter: Bool
  let environment: Environment

  private static let roundTripCount = 5
  private static let scratchPrefix = "~doctor/"

  func run() async throws -> [Check] {
    var checks = [Check("place", .ok, store.uri)]
    for step in [connection, access, clock, roundTrips, conditionalWrites, marker] {
      checks += try await step()
      if checks.contains(where: { $0.status == .fail }) { break }
    }
    return checks
  }

  /// Runs a step whose failure is a finding.
  private func finding(
    _ name: String, _ work: () async throws -> [Check]
  ) async throws -> [Check] {
    do {
      return try await work()
    } catch {
      let error = SternaError(wrapping: error)
      // An interruption says nothing about the store.
      guard error.code != .cancelled else { throw error }
      return [Check(name, failedWith: error)]
    }
  }

  private func connection() async throws -> [Check] {
    guard let bucket = store.bucket else { return [] }
    return try await finding("credentials") {
      [
        Check("endpoint", .ok, "\(bucket.endpointDescription), region \(bucket.region)"),
        Check("credentials", .ok, "from: \(try await bucket.credentialsSource())"),
      ]
    }
  }

  /// Listing comes before writing: it tells a missing bucket from a missing permission.
  private func access() async throws -> [Check] {
    try await finding("access") {
      let libraries = try await store.libraries()
      return [
        Check("access", .ok, "readable, \(libraries.count) librar\(libraries.count == 1 ? "y" : "ies")")
      ]
    }
  }

  private func clock() async throws -> [Check] {
    guard let offset = store.bucket?.serverClockOffsetSeconds else { return [] }
    return [ClockFinding(offsetSeconds: offset).check]
  }

  private func roundTrips() async throws -> [Check] {
    try await finding("round trip") {
      let key = "\(Self.scratchPrefix)\(environment.makeUniqueID().hex)"
      var puts: [Int64] = []
      var gets: [Int64] = []
      for number in 0..<Self.roundTripCount {
        let bytes = Bytes(utf8: "sterna doctor \(number)\n")
        puts.append(try await timed { try await store.objects.put(key, bytes) })
        gets.append(
          try await timed {
            guard try await store.objects.get(key).bytes == bytes else {
              throw SternaError(
                .unsupportedStore, "a read did not give what had just been written",
                advice: "Use a store with strong read-after-write consistency, without a cache in front.")
            }
          })
      }
      try await store.objects.delete(key)
      let median = "PUT \(Self.milliseconds(puts)), GET \(Self.milliseconds(gets))"
      return [Check("round trip", .ok, "\(median) (median of \(Self.roundTripCount))")]
    }
  }

  private func timed(_ work: () async throws -> some Any) async throws -> Int64 {
    let start = environment.monotonicNow()
    _ = try await work()
    return environment.monotonicNow() - start
  }

  private static func milliseconds(_ nanoseconds: [Int64]) -> String {
    let median = nanoseconds.sorted()[nanoseconds.count / 2]
    return "\(Quantity.decimal(Double(median) / 1e6, digitCount: 1)) ms"
  }

  private func conditionalWrites() async throws -> [Check] {
    try await finding("conditional writes") {
      switch try await store.catalog.prove() {
      case .proven:
        let detail = "proven: every race of parallel writers had one winner"
        return [Check("conditional writes", .ok, detail)] + tagForm()
      case .refuted(let reasons):
        let detail = "unsafe: " + reasons.joined(separator: "; ")
        return [
          allowsSingleWriter
            ? Check(
              "conditional writes", .warn, detail, advice: "Two writers at a time would lose versions here."
            )
            : Check(
              "conditional writes", .fail, detail,
              advice: "Use a store with atomic If-Match and If-None-Match, or promise with --single-writer "
                + "that there is only ever one writer.", exitStatus: .unsupportedStore)
        ]
      }
    }
  }

  /// Learnt by the first condition that held, so after the races.
  private func tagForm() -> [Check] {
    switch store.bucket?.eTagForm {
    case nil: []
    case .quoted: [Check("ETag form", .ok, "If-Match takes the tag in quotes, as RFC 9110 has it")]
    case .bare: [Check("ETag form", .ok, "If-Match takes the bare tag, as older Ceph gateways have it")]
    }
  }

  private func marker() async throws -> [Check] {
    try await finding("store marker") {
      switch try await store.catalog.marker()?.conditionalWrites {
      case nil: return [Check("store marker", .ok, "none yet: the first import makes the store")]
      case .proven: return [Check("store marker", .ok, "a Sterna store, made after a proof")]
      case .singleWriter:
        return [
          Check(
            "store marker", .warn, "made with single_writer: nobody else may write at the same time",
            advice: "Conditional writes work here now; make a new store to have many writers.")
        ]
      }
    }
  }
}
