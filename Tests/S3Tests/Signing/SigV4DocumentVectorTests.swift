import SternaBase
import Testing

@testable import S3

/// The worked examples of AWS's documents of Signature Version 4 for S3.
@Suite struct SigV4DocumentVectorTests {
  let signer = SigV4Signer(region: "us-east-1")
  let credentials = Credentials(
    accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
  )
  /// 2013-05-24T00:00:00Z.
  let time: Int64 = 1_369_353_600
  let url = S3URL(endpoint: .init(host: "s3.amazonaws.com"), bucket: "examplebucket", addressing: .virtual)

  private func authorization(
    _ method: String, _ url: String, headers: [HTTPHeader] = [], payload: PayloadHash = .empty
  ) -> String? {
    var request = HTTPRequest(method: method, url: url, headers: headers)
    signer.sign(&request, payload: payload, credentials: credentials, at: time)
    return request.headers.first { $0.name == "Authorization" }?.value
  }

  @Test func getAnObjectsFirstBytes() {
    #expect(
      authorization("GET", url.object("test.txt"), headers: [HTTPHeader("Range", "bytes=0-9")])
        == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
  }

  @Test func putAnObjectWithADollarInItsName() throws {
    let headers = [
      HTTPHeader("Date", "Fri, 24 May 2013 00:00:00 GMT"),
      HTTPHeader("x-amz-storage-class", "REDUCED_REDUNDANCY"),
    ]
    let digest = SHA256Digest(hashing: "Welcome to Amazon S3.")
    let value = try #require(
      authorization("PUT", url.object("test$file.text"), headers: headers, payload: .digest(digest)))
    #expect(value.hasSuffix("=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
  }

  @Test func getABucketsLifecycle() throws {
    let value = try #require(authorization("GET", url.bucket([QueryItem("lifecycle")])))
    #expect(url.bucket([QueryItem("lifecycle")]) == "https://examplebucket.s3.amazonaws.com/?lifecycle")
    #expect(value.hasSuffix("=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"))
  }

  @Test func listABucket() throws {
    let query = [QueryItem("prefix", "J"), QueryItem("max-keys", "2")]
    let value = try #require(authorization("GET", url.bucket(query)))
    #expect(value.hasSuffix("=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"))
  }

  @Test func presignAGet() throws {
    let presigned = try signer.presignedURL(
      for: HTTPRequest(method: "GET", url: url.object("test.txt")), credentials: credentials, at: time,
      expiresInSeconds: 86_400)
    #expect(
      presigned == "https://examplebucket.s3.amazonaws.com/test.txt"
        + "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
  }
}

extension S3Endpoint {
  fileprivate init(host: String) { self.init(scheme: .https, host: host, port: nil, basePath: "") }
}
