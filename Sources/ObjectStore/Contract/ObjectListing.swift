/// All pages of a listing, one after the other, as an asynchronous sequence of pages.
///
///     for try await page in store.listing(prefix: "refs/") { for entry in page.entries { ... } }
package struct ObjectListing: AsyncSequence {
  package typealias Element = ListPage

  let store: any ObjectStore
  let request: ListRequest

  package struct Iterator: AsyncIteratorProtocol {
    let store: any ObjectStore
    /// Nil behind the last page.
    var next: ListRequest?

    package mutating func next() async throws -> ListPage? {
      guard let request = next else { return nil }
      let page = try await store.list(request)
      next = page.continuation.map { continuation in
        var following = request
        following.continuation = continuation
        return following
      }
      return page
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
