import SternaBase
import Synchronization
import TestSupport
import Testing

@testable import ObjectStore

/// Row 46 of the catalogue of faults: listings that repeat themselves, or forget where they were.
@Suite struct ObjectListingTests {
  /// Answers pages by a script, and keeps what was asked.
  private final class ScriptedListing: ListingOnlyObjectStore {
    private let script: @Sendable (ListRequest) throws -> ListPage
    private let asked = Mutex<[ListRequest]>([])
    var requests: [ListRequest] { asked.withLock { $0 } }

    init(_ script: @escaping @Sendable (ListRequest) throws -> ListPage) { self.script = script }

    func list(_ request: ListRequest) async throws -> ListPage {
      asked.withLock { $0.append(request) }
      return try script(request)
    }
  }

  private static func page(_ keys: [String], next: String? = nil, prefixes: [String] = []) -> ListPage {
    ListPage(
      entries: keys.map { ListPage.Entry(key: $0, byteCount: 1, tag: ETag("t")) }, commonPrefixes: prefixes,
      continuation: next)
  }

  private func names(_ store: some ObjectStore, delimiter: String? = nil) async throws -> [String] {
    var names: [String] = []
    for try await page in store.listing(prefix: "", delimiter: delimiter) {
      names += page.entries.map(\.key) + page.commonPrefixes
    }
    return names
  }

  @Test func keysNamedTwiceOnAPageOrOnTwoThatOverlapComeOnce() async throws {
    let store = ScriptedListing { request in
      request.continuation == nil
        ? Self.page(["a", "b", "b"], next: "1", prefixes: ["p/", "p/"])
        : Self.page(["b", "c"], prefixes: ["p/", "q/"])
    }
    #expect(try await names(store) == ["a", "b", "p/", "c", "q/"])
  }

  @Test func keysOutOfOrderAreKept() async throws {
    let store = ScriptedListing {
      $0.continuation == nil ? Self.page(["m", "a"], next: "1") : Self.page(["b", "z"])
    }
    #expect(try await names(store) == ["m", "a", "b", "z"])
  }

  @Test func aForgottenTokenIsReplacedByTheLastKey() async throws {
    let store = ScriptedListing { request in
      if request.continuation != nil {
        throw SternaError(.requestFailed, "bad token").with { $0.httpStatus = 400 }
      }
      return request.startAfter == nil ? Self.page(["a", "é"], next: "1") : Self.page(["z"])
    }
    #expect(try await names(store) == ["a", "é", "z"])
    #expect(store.requests.map(\.startAfter) == [nil, nil, "é"])
  }

  @Test(arguments: [403, 500]) func otherFailuresAreNotWorkedAround(status: Int) async throws {
    let store = ScriptedListing { request in
      guard request.continuation != nil else { return Self.page(["a"], next: "1") }
      throw SternaError(.requestFailed, "no").with { $0.httpStatus = status }
    }
    await #expect(throws: SternaError.self) { try await names(store) }
    #expect(store.requests.count == 2)
  }

  @Test func aListingThatDoesNotAdvanceEnds() async throws {
    let store = ScriptedListing { _ in Self.page(["a"], next: "1") }
    await #expect(throws: SternaError.self) { try await names(store) }
    #expect(store.requests.count == 2)
  }
}
