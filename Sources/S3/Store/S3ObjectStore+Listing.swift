package import ObjectStore
internal import SternaBase

extension S3ObjectStore {
  package func list(_ request: ListRequest) async throws -> ListPage {
    var listing = S3Request(.listObjects)
    listing.query = [
      QueryItem("list-type", "2"),
      // Keys may hold characters that XML cannot.
      QueryItem("encoding-type", "url"),
      QueryItem("prefix", request.prefix),
      QueryItem("max-keys", String(request.pageSize)),
    ]
    if let delimiter = request.delimiter { listing.query.append(QueryItem("delimiter", delimiter)) }
    if let continuation = request.continuation {
      listing.query.append(QueryItem("continuation-token", continuation))
    } else if let startAfter = request.startAfter {
      listing.query.append(QueryItem("start-after", startAfter))
    }
    var page = try ListBucketResult.parse(try await client.send(listing).body)
    if let startAfter = request.startAfter {
      // S3 gives the prefix of keys behind `startAfter` also when the prefix itself lies before it.
      let start = KeyBytes(startAfter)
      page.commonPrefixes.removeAll { KeyBytes($0) <= start }
    }
    return page
  }
}
