/// The S3 requests that Sterna sends, by the names that S3's documents and permissions give them.
package enum S3Operation: String, Hashable, Sendable, CaseIterable {
  case getObject = "GetObject"
  case headObject = "HeadObject"
  case putObject = "PutObject"
  case copyObject = "CopyObject"
  case deleteObject = "DeleteObject"
  case deleteObjects = "DeleteObjects"
  case listObjects = "ListObjectsV2"
  case createMultipartUpload = "CreateMultipartUpload"
  case uploadPart = "UploadPart"
  case completeMultipartUpload = "CompleteMultipartUpload"
  case abortMultipartUpload = "AbortMultipartUpload"
  case getBucketLocation = "GetBucketLocation"
  case headBucket = "HeadBucket"

  /// Whether it changes the bucket: only then can a failed request have had an effect.
  package var isWrite: Bool {
    switch self {
    case .getObject, .headObject, .listObjects, .getBucketLocation, .headBucket: false
    case .putObject, .copyObject, .deleteObject, .deleteObjects, .createMultipartUpload, .uploadPart,
      .completeMultipartUpload, .abortMultipartUpload:
      true
    }
  }

  /// Whether it names an object, so that a 404 without a word of explanation can mean that one.
  var readsObject: Bool { [.getObject, .headObject, .copyObject].contains(self) }

  /// The permission that a policy must grant for it.
  package var requiredAction: String {
    switch self {
    case .getObject, .headObject: "s3:GetObject"
    case .putObject, .createMultipartUpload, .uploadPart, .completeMultipartUpload: "s3:PutObject"
    case .copyObject: "s3:GetObject and s3:PutObject"
    case .deleteObject, .deleteObjects: "s3:DeleteObject"
    case .listObjects, .headBucket: "s3:ListBucket"
    case .abortMultipartUpload: "s3:AbortMultipartUpload"
    case .getBucketLocation: "s3:GetBucketLocation"
    }
  }
}
