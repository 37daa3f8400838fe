import Foundation
import Support

/// Small files of h5py 3.16 (HDF5 2.0) with 8 rows of 3 numbers in obsm/pca, compressed by zlib.
enum ForeignHDF5 {
  /// All of them.
  static var files: [[UInt8]] {
    texts.compactMap { text in Data(base64Encoded: text.data).flatMap { inflated([UInt8]($0), count: text.bytes) } }
  }

  private static let texts: [(bytes: Int, data: String)] = [
    // An extensible array of compressed chunks.
    (
      2159,
      "eNrr9HBx4+WS4mLm4GCAgf9QkA8VMoCK/5P/I+Dv4RLExFDBJISsEAa4mBgYGRjY+BmAFEt+UnHuZpiRrgzUAXq8mvbEOIEP5ATmguREM"
        + "0aoTjcquYAhgyfjIdgJjAyMjCoMDExMjIywsGNGC0EYn1mEgVFQwZ4Bos6BwYSbwQQkyQp0LTM3Nw8DI9AQBhBkAcpziIFlmBmZmDlYFF"
        + "hYBLicmKAG9TAMKsC/7/YNV0cPFwZGEQUWARYuQupZ0OguqL92+tXvdnX0dGJghPsUGqSSSLoloWJySGLmUDEZJLFgLGL/RygQNpx3hGE"
        + "UjIJRMAqwgIq45AQHNvE3il+YNf4yedU3XIp/w5gszLoDJMHQKP8toesh/5S0goYAn4BZrF6bLRkYMp8x14NlGfnYDY4eYF1aucBEfopY"
        + "w6UmPgZVL8ZzEDlFoJwCz1LXBVs0pog1X3rEx6C5jfEPACDLbpQ="
    ),
    // A fixed array of compressed chunks.
    (
      2181,
      "eNrr9HBx4+WS4mLm4GCAgf9Q0AoVMoCKz9kdutXfwyWIiaGCSQhZIQxwMTEwMjCw8TMAKZb8pOLczTAjXRmoA/R4Ne2JcQIfyAnMBcmJZ"
        + "oxQnW5UcgFDBk/GQ7ATGBkYGVUYGJiYGBlhYccMpdH5zCIMjIIK8gwsYJ4CgzgHg3g9kMUKdC0zNzcPAyPQEAYQBKngEALLMDMyM7Ewcz"
        + "kxQQ2ZwDDowH/BVlc3Rw8XBkYRLjaoWBzUvd48VzTcHF2cGBjhPoAGiySSCZJQMVHkSIaKSSGJeUDFhJHEoqFi4khiRVjUlRSFBjKMglE"
        + "wCkbBKEABFXHJCQyNbNZsbOzVCrxH2Bt+NNoyKN1ikQZJJGxIZ2hmDZh1kNGFgUGojDEeJChQkJAQwJDErsDH8IhJIa+AgUGugtkQJGNQ"
        + "kMDQzKJxl3EZo1gG402Q0IwHBw4YMHeEM3xkU2hjYDCzYG4ECUc8OMDAZr3ABFjbKQBVAgAqxW07"
    ),
    // Booleans in chunks under a tree.
    (
      6144,
      "eNrtl79Lw0AUx7/vLmlDftTQQYtOBQdFFCcXB2lIQ4eCUCs4SbQdsoiCSydX6eBf4Z/g4iq4+Gf4l+hdk5MaSnAo2OF9brh3ue979+VlO"
        + "G7ai5PA3XSl48DwVYBWvj4svnem0/ppLx4ITERzXmhwBQiorUFN1u31/c2LKdnFcjgIdk/+YqGhLci70dURFZnJkhwg87PPmQUC0TYgBJ"
        + "HpnSx10CDboAuhPQGhk8+Ag6TTP+tiODhX/SFbWZee54NURehhadEGoHYkSUG2SsF4JxLFMQ/4Z+jx9S0a9mJ42plqhnKHMN+rqZHz8RT"
        + "sgWEYhlkpJpejdHZjgn6HY0uFW6jrMLUioAlLx4pU5bVgz3bGqV6FPzcfwzAMwzCrTzTsJ/nrTeNVKL0KjXlkry/QUEnbLjT+Ao2Z9wtN"
        + "Y04jSnWOKzSmznuQPfM/ZhiGYZgy3z62Y6s="
    ),
    // A virtual dataset.
    (
      6336,
      "eNrtlrtKA0EUhs/MrOuyua8xipWKD2AR60QNMYWQIEJKMZYiLtiIWNiKYCUWViK+gPgA7iNok8LKRrDTwsJCiJPNP7CJoEFSGDgfLB9zO"
        + "czZmWHPHldK5YQ75SrHIUMLBJOd9jz6zxbXH6qV0pqkfelFJxpcSYLIjpOW8G8RZqfabWu3sbdzJ9C3QH+j/vrYCFPQC4g5IimFMIkruL"
        + "etsiQy0wX0Fykfo3xLD47obJXr6DdRwgQFZqFL+vecHl01+zmOZHv7lb+1uSQRWR5UCs+Jg4swhZlcbXQ7+gzoeGKOzt5SAYLC63NNQ8G"
        + "5PPSIYRhmSLgvdPwEv8Bv8Dv8AX/C+rMdImELtmEHduE4nITTcAb24DE4C4/DOXiiuLJcXQ2rQjpSITQnsDA1z/JJouoIKTFX/5bA6pfR"
        + "b+HWj+G9o7M3G82una6l+LYxDMMwDMMwDMMwTL98AQVDXqs="
    ),
    // A virtual dataset of the first version, with a link and an attribute.
    (
      10240,
      "eNrtmD9PAjEYh9u7Qy6AyiHixelGJmVwByMggxGixrgpGk2MGEjQhI+A38LRL+CsTjr6ERwdGRwcTPDK/ap3TUCUqIm+z/LQ9r2Wa5v+u"
        + "bNSvjgemY0wgWkyg8WZny5gaSUNdmAOt+ELTebzXpmNfAv1q3Eba4WCiO4qyHYyhmebEf+RUmGxIryFNKYju9OCcQ24vts8Fm7WD06E5x"
        + "vBeZoZsl3OQt4zXKa9lrnmZZiI02E1rbszVkRaThZlObYQZQtdBITcXFGuaV6FJma4zmVV18o/av3qOKyvlvPcfSu5SrRCwX49R1oGyP5"
        + "w9MH12sp6I4fV+aPzud+6qPbfR+ti2wr2M0F8nfus5wf4Ee7AT/Az/AK7i1oPDTbgMdiEI3AMnoDjsAUn4Ck4CU/DKXgmR2NGEARBEKPf"
        + "q+S53okr96q9auCcXxr5/Bv+mXuVLu9V3gsZujxye+0k8LRIpSrhoxiOMpxFWdIt2y4e1mqb1drpPk4ofdrjgbfrXL3fUD9zr3q79LFWn"
        + "OYmQRAE8X0sL5VXuG/jl/vYpQyQH+LmWKP3WwbYKPNvfDryho0bVCe+97vHhMF1qnGVW3bjayo9SWNMEARBEARBEARBEK9CSHLs"
    ),
  ]
}
