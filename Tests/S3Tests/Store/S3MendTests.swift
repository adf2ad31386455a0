import ObjectStore
import SternaBase
import TestSupport
import Testing

@testable import S3

/// What a refusal shows to be wrong is put right and the request sent once more; the lesson is remembered.
struct S3MendTests {
  /// An hour after the simulated clock's start.
  private static let hourLater = "Mon, 01 Jan 2024 01:00:00 GMT"

  @Test func aClockThatIsOffIsCorrectedFromTheDateHeaderAndRemembered() async throws {
    let transport = ScriptedTransport { request, _ in
      let isFresh = request.header("x-amz-date") == "20240101T010000Z"
      let date = [("Date", Self.hourLater), ("ETag", "\"t\"")]
      return isFresh ? .with(200, date, body: "x") : .error(403, "RequestTimeTooSkewed", date)
    }
    let store = try S3ObjectStore.scripted(transport)
    #expect(store.serverClockOffsetSeconds == nil)
    _ = try await store.get("k")
    _ = try await store.get("k")
    #expect(transport.requests.count == 3)
    #expect(store.serverClockOffsetSeconds == 3_600)
  }

  @Test func aClockIsCorrectedOnlyOncePerRequest() async throws {
    let transport = ScriptedTransport { _, _ in
      .error(403, "RequestTimeTooSkewed", [("Date", Self.hourLater)])
    }
    let store = try S3ObjectStore.scripted(transport)
    let error = await failure { try await store.get("k") }
    #expect(error?.code == .clockSkew)
    #expect(error?.retry == .never)
    #expect(transport.requests.count == 2)
  }

  @Test(arguments: [301, 307, 400])
  func aWrongRegionIsCorrectedAndRemembered(status: Int) async throws {
    let transport = ScriptedTransport { request, _ in
      if request.header("authorization")?.contains("/eu-west-1/") == true {
        return .with(200, [("ETag", "\"t\"")])
      }
      return status == 400
        ? .error(400, "AuthorizationHeaderMalformed", extra: "<Region>eu-west-1</Region>")
        : .error(
          status, "PermanentRedirect",
          [("x-amz-bucket-region", "eu-west-1"), ("Location", "https://stranger.example/k")])
    }
    let store = try S3ObjectStore.scripted(endpoint: nil, region: "us-east-1", transport)
    _ = try await store.get("k")
    _ = try await store.get("k")
    #expect(
      transport.requests.map(\.url) == [
        "https://bucket.s3.us-east-1.amazonaws.com/k", "https://bucket.s3.eu-west-1.amazonaws.com/k",
        "https://bucket.s3.eu-west-1.amazonaws.com/k",
      ])
    #expect(store.region == "eu-west-1")
  }

  @Test(arguments: ["evil.example/", "a b", "", "x@y", "-"])
  func aRegionThatIsNoneIsNeverPutInAHostName(region: String) async throws {
    let transport = ScriptedTransport { _, _ in
      .error(
        301, "PermanentRedirect", [("x-amz-bucket-region", region), ("Location", "https://evil.example/")])
    }
    let store = try S3ObjectStore.scripted(endpoint: nil, region: "us-east-1", transport)
    let error = await failure { try await store.get("k") }
    #expect(error?.code == .wrongRegion)
    #expect(transport.requests.map(\.url) == ["https://bucket.s3.us-east-1.amazonaws.com/k"])
  }

  @Test func expiredCredentialsAreFetchedAnewOnce() async throws {
    let credentials = NumberedCredentials()
    let transport = ScriptedTransport { request, _ in
      request.header("authorization")?.contains("KEY2/") == true
        ? .with(200, [("ETag", "\"t\"")]) : .error(400, "ExpiredToken")
    }
    let store = try S3ObjectStore.scripted(credentials: credentials, transport)
    _ = try await store.get("k")
    #expect(credentials.fetchCount == 2)
  }

  @Test func credentialsThatStayExpiredAreAnError() async throws {
    let credentials = NumberedCredentials()
    let store = try S3ObjectStore.scripted(
      credentials: credentials, ScriptedTransport { _, _ in .error(400, "ExpiredToken") })
    let error = await failure { try await store.get("k") }
    #expect(error?.code == .credentials)
    #expect(credentials.fetchCount == 2)
  }

  @Test func credentialsThatCannotChangeAreNotTriedTwice() async throws {
    let transport = ScriptedTransport { _, _ in .error(400, "ExpiredToken") }
    let value = Credentials(accessKeyID: "K", secretAccessKey: Secret("s"))
    let store = try S3ObjectStore.scripted(credentials: StaticCredentials(value), transport)
    #expect(await failure { try await store.get("k") }?.code == .credentials)
    #expect(transport.requests.count == 1)
  }

  @Test func aDamagedUploadIsSentTwiceAtMost() async throws {
    let transport = ScriptedTransport { _, _ in .error(400, "BadDigest") }
    let store = try S3ObjectStore.scripted(transport)
    let error = await failure { try await store.put("k", Bytes(utf8: "x")) }
    #expect(transport.requests.count == 2)
    #expect(error?.retry == .never)
  }

  @Test(arguments: [
    (503, "SlowDown"), (500, "InternalError"), (403, "AccessDenied"), (501, "NotImplemented"),
  ])
  func otherRefusalsAreReportedAfterOneAttempt(status: Int, code: String) async throws {
    let transport = ScriptedTransport { _, _ in .error(status, code) }
    let store = try S3ObjectStore.scripted(transport)
    let error = await failure { try await store.get("k") }
    #expect(transport.requests.count == 1)
    #expect(error?.providerCode == code)
    #expect(error?.key == "k")
  }

  @Test func anErrorOfTheTransportNamesTheKey() async throws {
    let store = try S3ObjectStore.scripted(
      ScriptedTransport { _, _ in throw SternaError(.unavailable, "gone", retry: .transient) })
    let error = await failure { try await store.get("k") }
    #expect(error?.key == "k")
    #expect(error?.retry == .transient)
  }
}
