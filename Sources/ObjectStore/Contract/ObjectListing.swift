internal import SternaBase

/// All pages of a listing, one after the other, as an asynchronous sequence of pages.
///
///     for try await page in store.listing(prefix: "refs/") { for entry in page.entries { ... } }
///
/// A key that a server names twice, on one page or on two that follow each other, comes once. A server that
/// does not know its own continuation token any more is asked for what lies behind the last key.
package struct ObjectListing: AsyncSequence {
  package typealias Element = ListPage

  let store: any ObjectStore
  let request: ListRequest

  package struct Iterator: AsyncIteratorProtocol {
    let store: any ObjectStore
    /// Nil behind the last page.
    var next: ListRequest?
    /// What the page before named.
    private var previous: Set<KeyBytes> = []
    /// The greatest key or prefix so far.
    private var last: String?

    init(store: any ObjectStore, next: ListRequest) {
      self.store = store
      self.next = next
    }

    package mutating func next() async throws -> ListPage? {
      guard let request = next else { return nil }
      var page = try await page(of: request)
      if let token = page.continuation, token == request.continuation {
        // The same page again and again, for ever.
        throw SternaError(.requestFailed, "the server's listing does not advance", key: last)
      }
      next = page.continuation.map { continuation in
        var following = request
        following.continuation = continuation
        return following
      }
      dropDuplicates(&page)
      return page
    }

    private mutating func page(of request: ListRequest) async throws -> ListPage {
      do {
        return try await store.list(request)
      } catch let error as SternaError
        where request.continuation != nil && error.code == .requestFailed && error.httpStatus == 400
      {
        guard let last else { throw error }
        var resumed = request
        resumed.continuation = nil
        resumed.startAfter = last
        return try await store.list(resumed)
      }
    }

    /// Only what was named before is dropped, never what merely is out of order: a collector that did not
    /// see a snapshot would delete what it holds.
    private mutating func dropDuplicates(_ page: inout ListPage) {
      var seen: Set<KeyBytes> = []
      func isNew(_ name: String) -> Bool {
        let name = KeyBytes(name)
        return seen.insert(name).inserted && !previous.contains(name)
      }
      page.entries = page.entries.filter { isNew($0.key) }
      page.commonPrefixes = page.commonPrefixes.filter { isNew($0) }
      for name in page.entries.map(\.key) + page.commonPrefixes
      where last.map({ KeyBytes($0) < KeyBytes(name) }) ?? true {
        last = name
      }
      previous = seen
    }
  }

  package func makeAsyncIterator() -> Iterator { Iterator(store: store, next: request) }
}

extension ObjectStore {
  package func listing(
    prefix: String, startAfter: String? = nil, delimiter: String? = nil, pageSize: Int = 1_000
  ) -> ObjectListing {
    ObjectListing(
      store: self,
      request: ListRequest(prefix: prefix, startAfter: startAfter, delimiter: delimiter, pageSize: pageSize)
    )
  }
}
