"""Bodies of requests and answers, as the API's document shows them."""
